use async_trait::async_trait;
use cardlift_core::account::{Account, AccountId, AccountName};
use cardlift_core::ports::{AccountRepository, StoreError};
use cardlift_sql::corrupt;
use cardlift_sql::schema::account;
use diesel::prelude::*;

use crate::Sqlite;

#[async_trait]
impl AccountRepository for Sqlite {
    async fn ensure(&self, name: &AccountName) -> Result<Account, StoreError> {
        let text = name.to_string();
        let work = move |connection: &mut SqliteConnection| {
            let insert = diesel::insert_into(account::table).values(account::name.eq(&text));
            insert.on_conflict(account::name).do_nothing().execute(connection)?;
            id_of(connection, &text)
        };
        named(name, self.write("ensure_account", work).await?)
    }

    async fn find_by_name(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        let text = name.to_string();
        let work = move |connection: &mut SqliteConnection| id_of(connection, &text).optional();
        self.read("find_account", work).await?.map(|id| named(name, id)).transpose()
    }
}

fn id_of(connection: &mut SqliteConnection, name: &str) -> QueryResult<i64> {
    account::table.filter(account::name.eq(name)).select(account::id).first(connection)
}

fn named(name: &AccountName, id: i64) -> Result<Account, StoreError> {
    let id = AccountId::try_from(id).map_err(|why| corrupt("account", why))?;
    Ok(Account { id, name: name.clone() })
}
