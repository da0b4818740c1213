use async_trait::async_trait;
use cardlift_core::account::AccountId;
use cardlift_core::ports::{Readiness, StoreError};
use cardlift_sql::schema::account;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::Postgres;
use crate::error::from_diesel;

#[async_trait]
impl Readiness for Postgres {
    /// Reads a table rather than a constant: a database whose tables are gone is not ready.
    async fn check(&self) -> Result<(), StoreError> {
        self.call("check", async {
            // The account that is there from the start: one that the connection may well work for already.
            let mut connection = self.connection_for(AccountId::DEFAULT).await?;
            let query = account::table.find(AccountId::DEFAULT.get()).select(account::id);
            query.execute(&mut connection).await.map_err(from_diesel)?;
            Ok(())
        })
        .await
    }
}
