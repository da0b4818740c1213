mod one;
pub(super) mod save;
pub(super) mod together;

use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::api_key::ApiKeyId;
use cardlift_core::audit::NewAuditBatch;
use cardlift_core::customer::CustomerId;
use cardlift_core::instrument::InstrumentKind;
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::payment_method::{
    DefaultChoice, NewPaymentMethod, PaymentMethod, PaymentMethodId, SavedPaymentMethod,
};
use cardlift_core::ports::{
    DeleteError, PaymentMethodFilter, PaymentMethodStore, SaveError, StoreError,
};
use cardlift_sql::row::{
    self, Deletion, NewPaymentMethodRow, PaymentMethodRow, kind_names, live, live_of,
};
use cardlift_sql::schema::customer;
use cardlift_sql::schema::payment_method::dsl;
use cardlift_sql::{Instant, auditing};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use futures_util::FutureExt as _;

use self::save::SavedRow;
use super::audit_trail;
use crate::Postgres;
use crate::error::from_diesel;

#[async_trait]
impl PaymentMethodStore for Postgres {
    async fn save(
        &self,
        account: AccountId,
        new: &NewPaymentMethod,
        at: Timestamp,
    ) -> Result<SavedPaymentMethod, SaveError> {
        let row = || NewPaymentMethodRow::new(account, new, at);
        self.call("save_payment_method", async {
            let done = match (&self.merged, new.default) {
                (Some(merged), DefaultChoice::LeaveAsIs) => {
                    let row = row();
                    let item = auditing::imported(&row);
                    merged.payment_methods.call((row, item)).await.transpose()?.flatten()
                }
                (None, DefaultChoice::LeaveAsIs) => self.add_alone(account, row()).boxed().await?,
                (_, DefaultChoice::MakeDefault) => None,
            };
            let (row, outcome) = match done {
                Some(saved) => saved,
                // What few saves need would make the future of each ten times as large.
                None => self.save_alone(account, row(), new.default).boxed().await?,
            };
            Ok(SavedPaymentMethod { payment_method: row.try_into()?, outcome })
        })
        .await
    }

    async fn list(
        &self,
        account: AccountId,
        filter: PaymentMethodFilter,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<PaymentMethod>, StoreError> {
        self.call("list_payment_methods", async {
            let mut connection = self.connection_for(account).await?;
            let of_customer = live_of(account.get(), filter.customer.get());
            let matching = of_customer.filter(dsl::kind.eq_any(kind_names(filter.kind)));
            let rows = matching.clone().select(PaymentMethodRow::as_select()).into_boxed();
            let rows = match order {
                SortOrder::Ascending => rows.order(dsl::id.asc()),
                SortOrder::Descending => rows.order(dsl::id.desc()),
            };
            let rows = rows.limit(page.size().into()).offset(page.offset());
            let rows: Vec<PaymentMethodRow> =
                rows.load(&mut connection).await.map_err(from_diesel)?;
            let total: i64 =
                matching.count().get_result(&mut connection).await.map_err(from_diesel)?;
            row::page(rows, total)
        })
        .await
    }

    async fn find(
        &self,
        account: AccountId,
        id: PaymentMethodId,
        kind: InstrumentKind,
    ) -> Result<Option<PaymentMethod>, StoreError> {
        self.call("find_payment_method", async {
            let mut connection = self.connection_for(account).await?;
            let found = live(account.get(), id.get()).filter(dsl::kind.eq(kind.name()));
            let row = found.select(PaymentMethodRow::as_select()).first(&mut connection).await;
            row.optional().map_err(from_diesel)?.map(TryInto::try_into).transpose()
        })
        .await
    }

    async fn delete(
        &self,
        account: AccountId,
        id: PaymentMethodId,
        kind: InstrumentKind,
        by: ApiKeyId,
        at: Timestamp,
    ) -> Result<(), DeleteError> {
        self.call("delete_payment_method", async {
            let mut connection = self.connection_for(account).await?;
            let deletion = Deletion::new(by, at);
            let deleted = connection
                .transaction(async |connection| {
                    let row = lock(connection, account, id).await?;
                    let row = row.filter(|row| row.instrument.is(kind));
                    let Some(row) = row else { return Ok(Err(DeleteError::Missing)) };
                    let others = live_of(row.account_id, row.customer_id);
                    let others = diesel::select(exists(others.filter(dsl::id.ne(row.id))));
                    if row.is_default && others.get_result(connection).await? {
                        return Ok(Err(DeleteError::Default));
                    }
                    let gone = diesel::update(live(row.account_id, row.id)).set(deletion);
                    gone.execute(connection).await?;
                    let told = NewAuditBatch::one(account, at, row.id, &auditing::deleted(&row));
                    audit_trail::write(connection, &told).await.map(Ok)
                })
                .await;
            deleted.map_err(from_diesel)?
        })
        .await
    }

    async fn make_default(
        &self,
        account: AccountId,
        id: PaymentMethodId,
        customer: Option<CustomerId>,
        at: Timestamp,
    ) -> Result<Option<PaymentMethod>, StoreError> {
        self.call("make_default", async {
            let mut connection = self.connection_for(account).await?;
            let named = |row: &PaymentMethodRow| {
                customer.is_none_or(|customer| customer.get() == row.customer_id)
            };
            let moved = connection
                .transaction(async |connection| {
                    match lock(connection, account, id).await?.filter(named) {
                        Some(row) if !row.is_default => {
                            let mut told = NewAuditBatch::new(account, at);
                            let row =
                                move_default(connection, &row, Instant(at), &mut told).await?;
                            audit_trail::write(connection, &told).await?;
                            Ok(Some(row))
                        }
                        row => Ok(row),
                    }
                })
                .await;
            moved.map_err(from_diesel)?.map(TryInto::try_into).transpose()
        })
        .await
    }
}

impl Postgres {
    async fn add_alone(
        &self,
        account: AccountId,
        new: NewPaymentMethodRow,
    ) -> Result<Option<SavedRow>, SaveError> {
        save::add(&mut *self.connection_for(account).await?, new).await
    }

    async fn save_alone(
        &self,
        account: AccountId,
        new: NewPaymentMethodRow,
        default: DefaultChoice,
    ) -> Result<SavedRow, SaveError> {
        save::alone(&mut *self.connection_for(account).await?, account, &new, default).await
    }
}

/// The payment method, once nobody else can move its customer's default or change it.
async fn lock(
    connection: &mut AsyncPgConnection,
    account: AccountId,
    id: PaymentMethodId,
) -> QueryResult<Option<PaymentMethodRow>> {
    let customer = live(account.get(), id.get()).select(dsl::customer_id);
    let Some(customer) = customer.first(connection).await.optional()? else { return Ok(None) };
    lock_customer(connection, account.get(), customer).await?;
    let row = live(account.get(), id.get()).select(PaymentMethodRow::as_select());
    row.for_update().first(connection).await.optional()
}

/// Lets one save at a time move the default of this customer. Where there is none, the foreign
/// key says so later.
async fn lock_customer(
    connection: &mut AsyncPgConnection,
    account: i64,
    customer: i64,
) -> QueryResult<()> {
    let customer = customer::table.find((account, customer)).select(customer::id);
    customer.for_no_key_update().first::<i64>(connection).await.optional().map(|_| ())
}

/// Takes the default from the one that has it, then gives it to this one. The batch is written by the
/// caller.
async fn move_default(
    connection: &mut AsyncPgConnection,
    chosen: &PaymentMethodRow,
    at: Instant,
    told: &mut NewAuditBatch,
) -> QueryResult<PaymentMethodRow> {
    let former = live_of(chosen.account_id, chosen.customer_id).filter(dsl::is_default);
    let changes = (dsl::is_default.eq(false), dsl::updated_at.eq(at));
    let former = diesel::update(former).set(changes).returning(dsl::id);
    let former: Option<i64> = former.get_result(connection).await.optional()?;
    let row = diesel::update(live(chosen.account_id, chosen.id))
        .set((dsl::is_default.eq(true), dsl::updated_at.eq(at)))
        .returning(PaymentMethodRow::as_returning())
        .get_result(connection)
        .await?;
    told.add(row.id, &auditing::made_default(former, &row));
    Ok(row)
}
