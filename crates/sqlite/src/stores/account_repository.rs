use async_trait::async_trait;
use cardlift_core::account::{Account, AccountId, AccountName, RateLimits};
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::ports::{AccountRepository, StoreError};
use cardlift_sql::row::{AccountRow, LimitChanges};
use cardlift_sql::schema::account;
use diesel::prelude::*;

use crate::Sqlite;

#[async_trait]
impl AccountRepository for Sqlite {
    async fn ensure(&self, name: &AccountName) -> Result<Account, StoreError> {
        let name = name.to_string();
        let work = move |connection: &mut SqliteConnection| {
            let insert = diesel::insert_into(account::table).values(account::name.eq(&name));
            insert.on_conflict(account::name).do_nothing().execute(connection)?;
            let there = account::table.filter(account::name.eq(&name));
            there.select(AccountRow::as_select()).first(connection)
        };
        self.write("ensure_account", work).await?.try_into()
    }

    async fn find_by_name(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        let name = name.to_string();
        let work = move |connection: &mut SqliteConnection| {
            let named = account::table.filter(account::name.eq(&name));
            named.select(AccountRow::as_select()).first(connection).optional()
        };
        self.read("find_account", work).await?.map(TryInto::try_into).transpose()
    }

    async fn get(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let account = account::table.find(id.get()).select(AccountRow::as_select());
            account.first(connection).optional()
        };
        self.read("get_account", work).await?.map(TryInto::try_into).transpose()
    }

    async fn connect(
        &self,
        id: AccountId,
        connected_account: Option<ConnectedAccountId>,
    ) -> Result<Option<Account>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let connected = connected_account.as_ref().map(ConnectedAccountId::as_str);
            let update = diesel::update(account::table.find(id.get()));
            let update = update.set(account::connected_account.eq(connected));
            update.returning(AccountRow::as_returning()).get_result(connection).optional()
        };
        self.change_keys("connect_account", work).await?.map(TryInto::try_into).transpose()
    }

    async fn limit(
        &self,
        id: AccountId,
        limits: RateLimits,
    ) -> Result<Option<Account>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let update = diesel::update(account::table.find(id.get()));
            let update = update.set(LimitChanges::from(limits));
            update.returning(AccountRow::as_returning()).get_result(connection).optional()
        };
        self.change_keys("limit_account", work).await?.map(TryInto::try_into).transpose()
    }
}
