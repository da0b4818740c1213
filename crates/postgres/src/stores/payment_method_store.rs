use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::customer::CustomerId;
use cardlift_core::payment_method::{
    DefaultChoice, NewPaymentMethod, PaymentMethod, SaveOutcome, SavedPaymentMethod,
};
use cardlift_core::ports::{PaymentMethodStore, SaveError, StoreError};
use cardlift_sql::row::{NewPaymentMethodRow, PaymentMethodRow};
use cardlift_sql::schema::customer;
use cardlift_sql::schema::payment_method::{self, dsl};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};

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
        let row = NewPaymentMethodRow::new(account, new, at);
        self.call("save_payment_method", async {
            let mut connection = self.connection().await?;
            let saved = connection
                .transaction(async |connection| save(connection, &row, new.default).await)
                .await;
            let (row, outcome) = saved.map_err(|error| match error {
                Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => {
                    SaveError::CustomerMissing
                }
                other => SaveError::Store(from_diesel(other)),
            })?;
            Ok(SavedPaymentMethod { payment_method: row.try_into()?, outcome })
        })
        .await
    }

    async fn list(
        &self,
        account: AccountId,
        customer: CustomerId,
    ) -> Result<Vec<PaymentMethod>, StoreError> {
        self.call("list_payment_methods", async {
            let mut connection = self.connection().await?;
            let query = dsl::payment_method
                .filter(dsl::account_id.eq(account.get()))
                .filter(dsl::customer_id.eq(customer.get()))
                .order(dsl::id)
                .select(PaymentMethodRow::as_select());
            let rows = query.load(&mut connection).await.map_err(from_diesel)?;
            rows.into_iter().map(TryInto::try_into).collect()
        })
        .await
    }
}

/// The steps of a save. Locks are taken in one order, customer before payment method, so that no
/// two saves wait for each other.
async fn save(
    connection: &mut AsyncPgConnection,
    new: &NewPaymentMethodRow,
    default: DefaultChoice,
) -> QueryResult<(PaymentMethodRow, SaveOutcome)> {
    if default == DefaultChoice::MakeDefault {
        lock_customer(connection, new).await?;
    }
    let (row, outcome) = write_card(connection, new).await?;
    if default == DefaultChoice::LeaveAsIs || row.is_default {
        return Ok((row, outcome));
    }
    let row = move_default(connection, new, row.id).await?;
    let moved = if outcome == SaveOutcome::Imported { outcome } else { SaveOutcome::Updated };
    Ok((row, moved))
}

/// Lets one save at a time move the default of this customer. Where there is none, the foreign
/// key says so later.
async fn lock_customer(
    connection: &mut AsyncPgConnection,
    new: &NewPaymentMethodRow,
) -> QueryResult<()> {
    let customer = customer::table.find((new.account_id, new.customer_id)).select(customer::id);
    customer.for_no_key_update().first::<i64>(connection).await.optional().map(|_| ())
}

async fn write_card(
    connection: &mut AsyncPgConnection,
    new: &NewPaymentMethodRow,
) -> QueryResult<(PaymentMethodRow, SaveOutcome)> {
    let inserted = diesel::insert_into(payment_method::table)
        .values(new.clone())
        .on_conflict((dsl::account_id, dsl::customer_id, dsl::external_card_id))
        .do_nothing()
        .returning(PaymentMethodRow::as_returning())
        .get_result(connection)
        .await
        .optional()?;
    if let Some(row) = inserted {
        return Ok((row, SaveOutcome::Imported));
    }
    // It is there: whoever wrote it has committed, or the insert would still be waiting.
    let there = dsl::payment_method
        .filter(dsl::account_id.eq(new.account_id))
        .filter(dsl::customer_id.eq(new.customer_id))
        .filter(dsl::external_card_id.eq(new.card.external_card_id()))
        .select(PaymentMethodRow::as_select())
        .for_update()
        .first(connection)
        .await?;
    if there.card == new.card {
        return Ok((there, SaveOutcome::Unchanged));
    }
    let updated = diesel::update(dsl::payment_method.find((new.account_id, there.id)))
        .set((&new.card, dsl::updated_at.eq(new.updated_at)))
        .returning(PaymentMethodRow::as_returning())
        .get_result(connection)
        .await?;
    Ok((updated, SaveOutcome::Updated))
}

/// Takes the default from the one that has it, then gives it to this one.
async fn move_default(
    connection: &mut AsyncPgConnection,
    new: &NewPaymentMethodRow,
    id: i64,
) -> QueryResult<PaymentMethodRow> {
    let former = dsl::payment_method
        .filter(dsl::account_id.eq(new.account_id))
        .filter(dsl::customer_id.eq(new.customer_id))
        .filter(dsl::is_default);
    let at = dsl::updated_at.eq(new.updated_at);
    diesel::update(former).set((dsl::is_default.eq(false), at)).execute(connection).await?;
    diesel::update(dsl::payment_method.find((new.account_id, id)))
        .set((dsl::is_default.eq(true), dsl::updated_at.eq(new.updated_at)))
        .returning(PaymentMethodRow::as_returning())
        .get_result(connection)
        .await
}
