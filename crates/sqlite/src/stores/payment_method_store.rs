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
    DefaultChoice, NewPaymentMethod, PaymentMethod, PaymentMethodId, SaveOutcome,
    SavedPaymentMethod,
};
use cardlift_core::ports::{
    DeleteError, PaymentMethodFilter, PaymentMethodStore, SaveError, StoreError,
};
use cardlift_sql::row::{
    self, Deletion, NewPaymentMethodRow, PaymentMethodRow, Rewrite, kind_names, live, live_of,
};
use cardlift_sql::schema::payment_method::{self, dsl};
use cardlift_sql::{Instant, auditing};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use futures_util::FutureExt as _;

use self::together::Ask;
use super::audit_trail;
use crate::Sqlite;
use crate::error;

/// The row as it stands then, and what saving did.
pub(crate) type SavedRow = (PaymentMethodRow, SaveOutcome);

#[async_trait]
impl PaymentMethodStore for Sqlite {
    async fn save(
        &self,
        account: AccountId,
        new: &NewPaymentMethod,
        at: Timestamp,
    ) -> Result<SavedPaymentMethod, SaveError> {
        let ask = || Ask::new(account, new, at);
        self.bounded("save_payment_method", async {
            let together = match &self.saving {
                Some(saving) => saving.call(ask()).await.transpose()?,
                None => None,
            };
            let (row, outcome) = match together {
                Some(saved) => saved,
                // What few saves need would make the future of each larger.
                None => self.save_alone(ask()).boxed().await?,
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
        let work = move |connection: &mut SqliteConnection| {
            let of_customer = live_of(account.get(), filter.customer.get());
            let matching = of_customer.filter(dsl::kind.eq_any(kind_names(filter.kind)));
            let rows = matching.clone().select(PaymentMethodRow::as_select()).into_boxed();
            let rows = match order {
                SortOrder::Ascending => rows.order(dsl::id.asc()),
                SortOrder::Descending => rows.order(dsl::id.desc()),
            };
            let rows = rows.limit(page.size().into()).offset(page.offset()).load(connection)?;
            let total: i64 = matching.count().get_result(connection)?;
            Ok((rows, total))
        };
        let (rows, total): (Vec<PaymentMethodRow>, _) =
            self.read("list_payment_methods", work).await?;
        row::page(rows, total)
    }

    async fn find(
        &self,
        account: AccountId,
        id: PaymentMethodId,
        kind: InstrumentKind,
    ) -> Result<Option<PaymentMethod>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let found = live(account.get(), id.get()).filter(dsl::kind.eq(kind.name()));
            found.select(PaymentMethodRow::as_select()).get_result(connection).optional()
        };
        self.read("find_payment_method", work).await?.map(TryInto::try_into).transpose()
    }

    async fn delete(
        &self,
        account: AccountId,
        id: PaymentMethodId,
        kind: InstrumentKind,
        by: ApiKeyId,
        at: Timestamp,
    ) -> Result<(), DeleteError> {
        let work = move |connection: &mut SqliteConnection| {
            let found = live(account.get(), id.get()).filter(dsl::kind.eq(kind.name()));
            let row = found.select(PaymentMethodRow::as_select()).get_result(connection);
            let row = row.optional()?;
            let Some(row) = row else { return Ok(Err(DeleteError::Missing)) };
            let others = live_of(account.get(), row.customer_id).filter(dsl::id.ne(row.id));
            if row.is_default && diesel::select(exists(others)).get_result(connection)? {
                return Ok(Err(DeleteError::Default));
            }
            let deletion = Deletion::new(by, at);
            diesel::update(live(account.get(), row.id)).set(deletion).execute(connection)?;
            let batch = NewAuditBatch::one(account, at, row.id, &auditing::deleted(&row));
            audit_trail::write(connection, &batch)?;
            Ok(Ok(()))
        };
        self.write("delete_payment_method", work).await?
    }

    async fn make_default(
        &self,
        account: AccountId,
        id: PaymentMethodId,
        customer: Option<CustomerId>,
        at: Timestamp,
    ) -> Result<Option<PaymentMethod>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let found = live(account.get(), id.get()).select(PaymentMethodRow::as_select());
            let row = found.get_result(connection).optional()?;
            let named = |row: &PaymentMethodRow| {
                customer.is_none_or(|customer| customer.get() == row.customer_id)
            };
            match row.filter(named) {
                Some(row) if !row.is_default => {
                    let mut batch = NewAuditBatch::new(account, at);
                    let row = move_default(connection, &row, Instant(at), &mut batch)?;
                    audit_trail::write(connection, &batch)?;
                    Ok(Some(row))
                }
                row => Ok(row),
            }
        };
        self.write("make_default", work).await?.map(TryInto::try_into).transpose()
    }
}

impl Sqlite {
    async fn save_alone(&self, ask: Ask) -> Result<SavedRow, SaveError> {
        let work = move |connection: &mut SqliteConnection| {
            let (saved, batch) = ask.save(connection)?;
            audit_trail::write(connection, &batch)?;
            Ok(saved)
        };
        self.transact(work).await?.map_err(save_error)
    }
}

fn save_error(error: Error) -> SaveError {
    match error {
        Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => {
            SaveError::CustomerMissing
        }
        other => SaveError::Store(error::from_diesel(other)),
    }
}

/// The steps of a save. The write lock is held, so nobody comes between them.
fn save(
    connection: &mut SqliteConnection,
    new: NewPaymentMethodRow,
    default: DefaultChoice,
    batch: &mut NewAuditBatch,
) -> QueryResult<SavedRow> {
    let at = new.updated_at;
    let (row, outcome) = write_card(connection, new, batch)?;
    if default == DefaultChoice::LeaveAsIs || row.is_default {
        return Ok((row, outcome));
    }
    let row = move_default(connection, &row, at, batch)?;
    Ok((row, outcome.and_changed()))
}

/// Writes the card, and says what that did. The default stays what it is. The batch, of which others may
/// be the rest, is written by the caller.
pub(super) fn write_card(
    connection: &mut SqliteConnection,
    new: NewPaymentMethodRow,
    batch: &mut NewAuditBatch,
) -> QueryResult<SavedRow> {
    let there = dsl::payment_method
        .filter(dsl::account_id.eq(new.account_id))
        .filter(dsl::customer_id.eq(new.customer_id))
        .filter(dsl::external_card_id.eq(&new.instrument.external_card_id))
        .select(PaymentMethodRow::as_select())
        .get_result(connection)
        .optional()?;
    let Some(there) = there else {
        let insert = diesel::insert_into(payment_method::table).values(&new);
        let id = insert.returning(dsl::id).get_result(connection)?;
        batch.add(id, &auditing::imported(&new));
        return Ok((new.added(id), SaveOutcome::Imported));
    };
    let Some(outcome) = there.outcome_of(&new.instrument) else {
        return Ok((there, SaveOutcome::Unchanged));
    };
    let row = diesel::update(dsl::payment_method.find((new.account_id, there.id)))
        .set(Rewrite::new(&there, &new))
        .returning(PaymentMethodRow::as_returning())
        .get_result(connection)?;
    batch.add(row.id, &auditing::rewritten(&there, &new, outcome));
    Ok((row, outcome))
}

/// Takes the default from the one that has it, then gives it to this one.
fn move_default(
    connection: &mut SqliteConnection,
    chosen: &PaymentMethodRow,
    at: Instant,
    batch: &mut NewAuditBatch,
) -> QueryResult<PaymentMethodRow> {
    let former = live_of(chosen.account_id, chosen.customer_id).filter(dsl::is_default);
    let changes = (dsl::is_default.eq(false), dsl::updated_at.eq(at));
    let former = diesel::update(former).set(changes).returning(dsl::id);
    let former: Option<i64> = former.get_result(connection).optional()?;
    let row = diesel::update(live(chosen.account_id, chosen.id))
        .set((dsl::is_default.eq(true), dsl::updated_at.eq(at)))
        .returning(PaymentMethodRow::as_returning())
        .get_result(connection)?;
    batch.add(row.id, &auditing::made_default(former, &row));
    Ok(row)
}
