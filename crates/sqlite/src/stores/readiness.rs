use async_trait::async_trait;
use cardlift_core::ports::{Readiness, StoreError};
use cardlift_sql::schema::account;
use diesel::prelude::*;

use crate::Sqlite;

#[async_trait]
impl Readiness for Sqlite {
    /// Reads a table rather than a constant: a file whose tables are gone is not ready.
    async fn check(&self) -> Result<(), StoreError> {
        let work = |connection: &mut SqliteConnection| {
            account::table.select(account::id).get_result::<i64>(connection)
        };
        self.read("check", work).await.map(|_| ())
    }
}
