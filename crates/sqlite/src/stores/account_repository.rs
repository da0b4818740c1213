use async_trait::async_trait;
use cardlift_core::account::{Account, AccountChange, AccountId, AccountName};
use cardlift_core::audit::{NewAuditBatch, told};
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::ports::{AccountRepository, ModeBinding, StoreError};
use cardlift_core::vault::VaultMode;
use cardlift_sql::row::{AccountColumns, AccountRow, page};
use cardlift_sql::schema::{account, import_job, payment_method};
use diesel::dsl::{exists, select};
use diesel::prelude::*;

use super::audit_trail;
use crate::Sqlite;
use crate::error::corrupt_row;

#[async_trait]
impl AccountRepository for Sqlite {
    async fn create_account(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        let name = name.to_string();
        let work = move |connection: &mut SqliteConnection| make(connection, &name);
        self.write("create_account", work).await
    }

    async fn ensure(&self, name: &AccountName) -> Result<Account, StoreError> {
        let name = name.to_string();
        let work = move |connection: &mut SqliteConnection| {
            if let Some(made) = make(connection, &name)? {
                return Ok(made);
            }
            let there = account::table.filter(account::name.eq(&name));
            let there = there.select(AccountRow::as_select()).get_result(connection)?;
            Account::try_from(there).map_err(corrupt_row)
        };
        self.write("ensure_account", work).await
    }

    async fn find_by_name(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        let name = name.to_string();
        let work = move |connection: &mut SqliteConnection| {
            let named = account::table.filter(account::name.eq(&name));
            named.select(AccountRow::as_select()).get_result(connection).optional()
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
            let before = Account::try_from(row).map_err(corrupt_row)?;
            let mut account = before.clone();
            AccountChange::apply_all(&changes, &mut account);
            write(connection, &before, &account)?;
            Ok(Some(account))
        };
        self.change_keys("change_account", work).await
    }

    async fn bind_mode(&self, id: AccountId, mode: VaultMode) -> Result<ModeBinding, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let (binding, told) = bind(connection, id, mode)?;
            audit_trail::write_joined(connection, told)?;
            Ok(binding)
        };
        self.change_keys("bind_account_mode", work).await
    }
}

/// Binds an account to this mode, where it may be, and gives what there is to tell of that.
pub(super) fn bind(
    connection: &mut SqliteConnection,
    id: AccountId,
    mode: VaultMode,
) -> QueryResult<(ModeBinding, Option<NewAuditBatch>)> {
    let Some(row) = row(connection, id)? else { return Ok((ModeBinding::NoAccount, None)) };
    let before = Account::try_from(row).map_err(corrupt_row)?;
    match before.mode {
        Some(bound) if bound == mode => return Ok((ModeBinding::Bound(before), None)),
        Some(bound) if is_used(connection, id)? => {
            return Ok((ModeBinding::OtherMode(bound), None));
        }
        _ => {}
    }
    let account = Account { mode: Some(mode), ..before.clone() };
    let told = update(connection, &before, &account)?;
    Ok((ModeBinding::Bound(account), Some(told)))
}

fn row(connection: &mut SqliteConnection, id: AccountId) -> QueryResult<Option<AccountRow>> {
    account::table.find(id.get()).select(AccountRow::as_select()).get_result(connection).optional()
}

/// Makes an account, unless there is one of this name.
fn make(connection: &mut SqliteConnection, name: &str) -> QueryResult<Option<Account>> {
    let insert = diesel::insert_into(account::table).values(account::name.eq(name));
    let insert = insert.on_conflict(account::name).do_nothing();
    let made = insert.returning(AccountRow::as_returning()).get_result(connection).optional()?;
    let Some(made) = made else { return Ok(None) };
    let made = Account::try_from(made).map_err(corrupt_row)?;
    let at = audit_trail::now(connection)?;
    audit_trail::write(connection, &told::account_created(&made, at))?;
    Ok(Some(made))
}

fn write(
    connection: &mut SqliteConnection,
    before: &Account,
    account: &Account,
) -> QueryResult<()> {
    let told = update(connection, before, account)?;
    audit_trail::write(connection, &told)
}

/// Writes what it is after a change, and gives what there is to tell.
fn update(
    connection: &mut SqliteConnection,
    before: &Account,
    account: &Account,
) -> QueryResult<NewAuditBatch> {
    let update = diesel::update(account::table.find(account.id.get()));
    update.set(AccountColumns::from(account)).execute(connection)?;
    let at = audit_trail::now(connection)?;
    Ok(told::account_changed(before, account, at))
}

/// Whether it has a payment method, deleted or not, or a job.
fn is_used(connection: &mut SqliteConnection, id: AccountId) -> QueryResult<bool> {
    let methods = payment_method::table.filter(payment_method::account_id.eq(id.get()));
    let jobs = import_job::table.filter(import_job::account_id.eq(id.get()));
    select(exists(methods).or(exists(jobs))).get_result(connection)
}
