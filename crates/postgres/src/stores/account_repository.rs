use async_trait::async_trait;
use cardlift_core::account::{Account, AccountId, AccountName};
use cardlift_core::ports::{AccountRepository, StoreError};
use cardlift_sql::corrupt;
use cardlift_sql::schema::account;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::Postgres;
use crate::error::from_diesel;

#[async_trait]
impl AccountRepository for Postgres {
    async fn ensure(&self, name: &AccountName) -> Result<Account, StoreError> {
        self.call("ensure_account", async {
            let mut connection = self.connection().await?;
            if let Some(there) = find(&mut connection, name).await? {
                return Ok(there);
            }
            let insert =
                diesel::insert_into(account::table).values(account::name.eq(name.as_str()));
            let insert = insert.on_conflict(account::name).do_nothing();
            insert.execute(&mut connection).await.map_err(from_diesel)?;
            let made = find(&mut connection, name).await?;
            made.ok_or_else(|| corrupt("account", "it is gone as soon as it was made"))
        })
        .await
    }

    async fn find_by_name(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        self.call("find_account", async { find(&mut *self.connection().await?, name).await }).await
    }
}

async fn find(
    connection: &mut AsyncPgConnection,
    name: &AccountName,
) -> Result<Option<Account>, StoreError> {
    let query = account::table.filter(account::name.eq(name.as_str())).select(account::id);
    let id: Option<i64> = query.first(connection).await.optional().map_err(from_diesel)?;
    let id = id.map(AccountId::try_from).transpose().map_err(|why| corrupt("account", why))?;
    Ok(id.map(|id| Account { id, name: name.clone() }))
}
