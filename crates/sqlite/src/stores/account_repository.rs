use async_trait::async_trait;
use cardlift_core::account::{Account, AccountChange, AccountId, AccountName};
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::ports::{AccountRepository, ModeBinding, StoreError};
use cardlift_core::vault::VaultMode;
use cardlift_sql::row::{AccountColumns, AccountRow, page};
use cardlift_sql::schema::{account, import_job, payment_method};
use diesel::dsl::{exists, select};
use diesel::prelude::*;

use crate::Sqlite;

#[async_trait]
impl AccountRepository for Sqlite {
    async fn create_account(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        let name = name.to_string();
        let work = move |connection: &mut SqliteConnection| {
            let insert = diesel::insert_into(account::table).values(account::name.eq(&name));
            let insert = insert.on_conflict(account::name).do_nothing();
            insert.returning(AccountRow::as_returning()).get_result(connection).optional()
        };
        self.write("create_account", work).await?.map(TryInto::try_into).transpose()
    }

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
        let work = move |connection: &mut SqliteConnection| row(connection, id);
        self.read("get_account", work).await?.map(TryInto::try_into).transpose()
    }

    async fn list_accounts(
        &self,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<Account>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let total = account::table.count().get_result(connection)?;
            let rows = account::table.select(AccountRow::as_select()).into_boxed();
            let rows = match order {
                SortOrder::Ascending => rows.order(account::id.asc()),
                SortOrder::Descending => rows.order(account::id.desc()),
            };
            let rows = rows.limit(page.size().into()).offset(page.offset());
            Ok((rows.load(connection)?, total))
        };
        let (rows, total) = self.read("list_accounts", work).await?;
        self::page(rows, total)
    }

    async fn change_account(
        &self,
        id: AccountId,
        changes: &[AccountChange],
    ) -> Result<Option<Account>, StoreError> {
        let changes = changes.to_vec();
        let work = move |connection: &mut SqliteConnection| {
            let Some(row) = row(connection, id)? else { return Ok(None) };
            Ok(Some(match Account::try_from(row) {
                Ok(mut account) => {
                    AccountChange::apply_all(&changes, &mut account);
                    write(connection, &account)?;
                    Ok(account)
                }
                Err(error) => Err(error),
            }))
        };
        self.change_keys("change_account", work).await?.transpose()
    }

    async fn bind_mode(&self, id: AccountId, mode: VaultMode) -> Result<ModeBinding, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let Some(row) = row(connection, id)? else { return Ok(Ok(ModeBinding::NoAccount)) };
            let mut account = match Account::try_from(row) {
                Ok(account) => account,
                Err(error) => return Ok(Err(error)),
            };
            match account.mode {
                Some(bound) if bound == mode => return Ok(Ok(ModeBinding::Bound(account))),
                Some(bound) if is_used(connection, id)? => {
                    return Ok(Ok(ModeBinding::OtherMode(bound)));
                }
                _ => {}
            }
            account.mode = Some(mode);
            write(connection, &account)?;
            Ok(Ok(ModeBinding::Bound(account)))
        };
        self.change_keys("bind_account_mode", work).await?
    }
}

fn row(connection: &mut SqliteConnection, id: AccountId) -> QueryResult<Option<AccountRow>> {
    account::table.find(id.get()).select(AccountRow::as_select()).first(connection).optional()
}

fn write(connection: &mut SqliteConnection, account: &Account) -> QueryResult<usize> {
    let update = diesel::update(account::table.find(account.id.get()));
    update.set(AccountColumns::from(account)).execute(connection)
}

/// Whether it has a payment method, deleted or not, or a job.
fn is_used(connection: &mut SqliteConnection, id: AccountId) -> QueryResult<bool> {
    let methods = payment_method::table.filter(payment_method::account_id.eq(id.get()));
    let jobs = import_job::table.filter(import_job::account_id.eq(id.get()));
    select(exists(methods).or(exists(jobs))).get_result(connection)
}
