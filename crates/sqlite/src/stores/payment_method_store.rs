use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::customer::CustomerId;
use cardlift_core::payment_method::{
    DefaultChoice, NewPaymentMethod, PaymentMethod, SaveOutcome, SavedPaymentMethod,
};
use cardlift_core::ports::{PaymentMethodStore, SaveError, StoreError};
use cardlift_sql::row::{NewPaymentMethodRow, PaymentMethodRow};
use cardlift_sql::schema::payment_method::{self, dsl};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use crate::Sqlite;
use crate::error;

#[async_trait]
impl PaymentMethodStore for Sqlite {
    async fn save(
        &self,
        account: AccountId,
        new: &NewPaymentMethod,
        at: Timestamp,
    ) -> Result<SavedPaymentMethod, SaveError> {
        let row = NewPaymentMethodRow::new(account, new, at);
        let default = new.default;
        let work = move |connection: &mut SqliteConnection| save(connection, &row, default);
        let (row, outcome) = match self.try_write("save_payment_method", work).await? {
            Ok(saved) => saved,
            Err(Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)) => {
                return Err(SaveError::CustomerMissing);
            }
            Err(other) => return Err(SaveError::Store(error::from_diesel(other))),
        };
        Ok(SavedPaymentMethod { payment_method: row.try_into()?, outcome })
    }

    async fn list(
        &self,
        account: AccountId,
        customer: CustomerId,
    ) -> Result<Vec<PaymentMethod>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            dsl::payment_method
                .filter(dsl::account_id.eq(account.get()))
                .filter(dsl::customer_id.eq(customer.get()))
                .order(dsl::id)
                .select(PaymentMethodRow::as_select())
                .load(connection)
        };
        let rows = self.read("list_payment_methods", work).await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

/// The steps of a save. The write lock is held, so nobody comes between them.
fn save(
    connection: &mut SqliteConnection,
    new: &NewPaymentMethodRow,
    default: DefaultChoice,
) -> QueryResult<(PaymentMethodRow, SaveOutcome)> {
    let (row, outcome) = write_card(connection, new)?;
    if default == DefaultChoice::LeaveAsIs || row.is_default {
        return Ok((row, outcome));
    }
    let row = move_default(connection, new, row.id)?;
    let moved = if outcome == SaveOutcome::Imported { outcome } else { SaveOutcome::Updated };
    Ok((row, moved))
}

fn write_card(
    connection: &mut SqliteConnection,
    new: &NewPaymentMethodRow,
) -> QueryResult<(PaymentMethodRow, SaveOutcome)> {
    let there = dsl::payment_method
        .filter(dsl::account_id.eq(new.account_id))
        .filter(dsl::customer_id.eq(new.customer_id))
        .filter(dsl::external_card_id.eq(new.card.external_card_id()))
        .select(PaymentMethodRow::as_select())
        .first(connection)
        .optional()?;
    match there {
        None => {
            let insert = diesel::insert_into(payment_method::table).values(new.clone());
            let row = insert.returning(PaymentMethodRow::as_returning()).get_result(connection)?;
            Ok((row, SaveOutcome::Imported))
        }
        Some(row) if row.card == new.card => Ok((row, SaveOutcome::Unchanged)),
        Some(row) => {
            let row = diesel::update(dsl::payment_method.find((new.account_id, row.id)))
                .set((&new.card, dsl::updated_at.eq(new.updated_at)))
                .returning(PaymentMethodRow::as_returning())
                .get_result(connection)?;
            Ok((row, SaveOutcome::Updated))
        }
    }
}

/// Takes the default from the one that has it, then gives it to this one.
fn move_default(
    connection: &mut SqliteConnection,
    new: &NewPaymentMethodRow,
    id: i64,
) -> QueryResult<PaymentMethodRow> {
    let former = dsl::payment_method
        .filter(dsl::account_id.eq(new.account_id))
        .filter(dsl::customer_id.eq(new.customer_id))
        .filter(dsl::is_default);
    let at = dsl::updated_at.eq(new.updated_at);
    diesel::update(former).set((dsl::is_default.eq(false), at)).execute(connection)?;
    diesel::update(dsl::payment_method.find((new.account_id, id)))
        .set((dsl::is_default.eq(true), dsl::updated_at.eq(new.updated_at)))
        .returning(PaymentMethodRow::as_returning())
        .get_result(connection)
}
