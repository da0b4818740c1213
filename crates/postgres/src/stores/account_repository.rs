use async_trait::async_trait;
use cardlift_core::account::{Account, AccountChange, AccountId, AccountName};
use cardlift_core::audit::{NewAuditBatch, told};
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::ports::{AccountRepository, ModeBinding, StoreError};
use cardlift_core::vault::VaultMode;
use cardlift_sql::corrupt;
use cardlift_sql::row::{AccountColumns, AccountRow, page};
use cardlift_sql::schema::{account, import_job, payment_method};
use diesel::dsl::{exists, select};
use diesel::prelude::*;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};

use super::audit_trail::{self, now};
use crate::Postgres;
use crate::error::{Abort, from_diesel};

#[async_trait]
impl AccountRepository for Postgres {
    async fn create_account(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        self.call("create_account", async {
            // Nobody knows its id yet.
            make(&mut *self.connection_across().await?, name).await
        })
        .await
    }

    async fn ensure(&self, name: &AccountName) -> Result<Account, StoreError> {
        self.call("ensure_account", async {
            // Nobody knows its id yet.
            let mut connection = self.connection_across().await?;
            if let Some(there) = find(&mut connection, name).await? {
                return Ok(there);
            }
            if let Some(made) = make(&mut connection, name).await? {
                return Ok(made);
            }
            let there = find(&mut connection, name).await?;
            there.ok_or_else(|| corrupt("account", "it is gone as soon as it was made"))
        })
        .await
    }

    async fn find_by_name(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        self.call("find_account", async {
            // Whose it is, is what is asked.
            find(&mut *self.connection_across().await?, name).await
        })
        .await
    }

    async fn get(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.call("get_account", async {
            let mut connection = self.connection_for(id).await?;
            let query = account::table.find(id.get()).select(AccountRow::as_select());
            domain(query.first(&mut connection).await)
        })
        .await
    }

    async fn list_accounts(
        &self,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<Account>, StoreError> {
        self.call("list_accounts", async {
            // All that there are.
            let mut connection = self.connection_across().await?;
            let total = account::table.count().get_result(&mut connection).await;
            let query = account::table.select(AccountRow::as_select()).into_boxed();
            let query = match order {
                SortOrder::Ascending => query.order(account::id.asc()),
                SortOrder::Descending => query.order(account::id.desc()),
            };
            let query = query.limit(page.size().into()).offset(page.offset());
            let rows = query.load(&mut connection).await.map_err(from_diesel)?;
            self::page(rows, total.map_err(from_diesel)?)
        })
        .await
    }

    async fn change_account(
        &self,
        id: AccountId,
        changes: &[AccountChange],
    ) -> Result<Option<Account>, StoreError> {
        self.changing_keys("change_account", async {
            let mut connection = self.connection_for(id).await?;
            let account = connection.transaction(async |connection| {
                let Some(before) = lock(connection, id).await? else { return Ok(None) };
                let mut account = before.clone();
                AccountChange::apply_all(changes, &mut account);
                write(connection, &before, &account).await?;
                Ok(Some(account))
            });
            account.await.map_err(Abort::into_port)
        })
        .await
    }

    async fn bind_mode(&self, id: AccountId, mode: VaultMode) -> Result<ModeBinding, StoreError> {
        self.changing_keys("bind_account_mode", async {
            let mut connection = self.connection_for(id).await?;
            let bound = connection.transaction(async |connection| {
                let (binding, told) = bind(connection, id, mode).await?;
                audit_trail::write_joined(connection, told).await?;
                Ok(binding)
            });
            bound.await.map_err(Abort::into_port)
        })
        .await
    }
}

/// Binds an account to this mode, where it may be, and gives what there is to tell of that.
pub(super) async fn bind(
    connection: &mut AsyncPgConnection,
    id: AccountId,
    mode: VaultMode,
) -> Result<(ModeBinding, Option<NewAuditBatch>), Abort<StoreError>> {
    let Some(before) = lock(connection, id).await? else {
        return Ok((ModeBinding::NoAccount, None));
    };
    match before.mode {
        Some(bound) if bound == mode => return Ok((ModeBinding::Bound(before), None)),
        Some(bound) if is_used(connection, id).await? => {
            return Ok((ModeBinding::OtherMode(bound), None));
        }
        _ => {}
    }
    let account = Account { mode: Some(mode), ..before.clone() };
    let told = update(connection, &before, &account).await?;
    Ok((ModeBinding::Bound(account), Some(told)))
}

/// The account, if it was not there.
async fn make(
    connection: &mut AsyncPgConnection,
    name: &AccountName,
) -> Result<Option<Account>, StoreError> {
    let made = connection.transaction(async |connection| {
        let insert = diesel::insert_into(account::table).values(account::name.eq(name.as_str()));
        let insert = insert.on_conflict(account::name).do_nothing();
        let row = insert.returning(AccountRow::as_returning()).get_result(connection).await;
        let Some(row) = row.optional()? else { return Ok(None) };
        let account = Account::try_from(row).map_err(Abort::Port)?;
        let told = told::account_created(&account, now(connection).await?);
        audit_trail::write(connection, &told).await?;
        Ok(Some(account))
    });
    made.await.map_err(Abort::into_port)
}

async fn find(
    connection: &mut AsyncPgConnection,
    name: &AccountName,
) -> Result<Option<Account>, StoreError> {
    let named = account::table.filter(account::name.eq(name.as_str()));
    domain(named.select(AccountRow::as_select()).first(connection).await)
}

/// The account, which nobody else changes until the end of the transaction.
async fn lock(
    connection: &mut AsyncPgConnection,
    id: AccountId,
) -> Result<Option<Account>, Abort<StoreError>> {
    let row = account::table.find(id.get()).select(AccountRow::as_select()).for_no_key_update();
    let row = row.first(connection).await.optional()?;
    row.map(Account::try_from).transpose().map_err(Abort::Port)
}

/// Writes what it is after a change, and tells of that.
async fn write(
    connection: &mut AsyncPgConnection,
    before: &Account,
    after: &Account,
) -> QueryResult<()> {
    let told = update(connection, before, after).await?;
    audit_trail::write(connection, &told).await
}

/// Writes what it is after a change, and gives what there is to tell.
async fn update(
    connection: &mut AsyncPgConnection,
    before: &Account,
    after: &Account,
) -> QueryResult<NewAuditBatch> {
    let update = diesel::update(account::table.find(after.id.get()));
    update.set(AccountColumns::from(after)).execute(connection).await?;
    Ok(told::account_changed(before, after, now(connection).await?))
}

/// Whether it has a payment method, deleted or not, or a job.
async fn is_used(connection: &mut AsyncPgConnection, id: AccountId) -> QueryResult<bool> {
    let methods = payment_method::table.filter(payment_method::account_id.eq(id.get()));
    let jobs = import_job::table.filter(import_job::account_id.eq(id.get()));
    select(exists(methods).or(exists(jobs))).get_result(connection).await
}

fn domain(row: QueryResult<AccountRow>) -> Result<Option<Account>, StoreError> {
    row.optional().map_err(from_diesel)?.map(TryInto::try_into).transpose()
}
