use async_trait::async_trait;
use cardlift_core::account::{Account, AccountId, AccountName, RateLimits};
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::ports::{AccountRepository, StoreError};
use cardlift_sql::corrupt;
use cardlift_sql::row::{AccountRow, LimitChanges};
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

    async fn get(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.call("get_account", async {
            let mut connection = self.connection().await?;
            let query = account::table.find(id.get()).select(AccountRow::as_select());
            domain(query.first(&mut connection).await)
        })
        .await
    }

    async fn connect(
        &self,
        id: AccountId,
        connected_account: Option<ConnectedAccountId>,
    ) -> Result<Option<Account>, StoreError> {
        self.changing_keys("connect_account", async {
            let mut connection = self.connection().await?;
            let connected = connected_account.as_ref().map(ConnectedAccountId::as_str);
            let update = diesel::update(account::table.find(id.get()));
            let update = update.set(account::connected_account.eq(connected));
            domain(update.returning(AccountRow::as_returning()).get_result(&mut connection).await)
        })
        .await
    }

    async fn limit(
        &self,
        id: AccountId,
        limits: RateLimits,
    ) -> Result<Option<Account>, StoreError> {
        self.changing_keys("limit_account", async {
            let mut connection = self.connection().await?;
            let update = diesel::update(account::table.find(id.get()));
            let update = update.set(LimitChanges::from(limits));
            domain(update.returning(AccountRow::as_returning()).get_result(&mut connection).await)
        })
        .await
    }
}

async fn find(
    connection: &mut AsyncPgConnection,
    name: &AccountName,
) -> Result<Option<Account>, StoreError> {
    let named = account::table.filter(account::name.eq(name.as_str()));
    domain(named.select(AccountRow::as_select()).first(connection).await)
}

fn domain(row: QueryResult<AccountRow>) -> Result<Option<Account>, StoreError> {
    row.optional().map_err(from_diesel)?.map(TryInto::try_into).transpose()
}
