//! Saving one payment method, whatever there is of it.

use cardlift_core::account::AccountId;
use cardlift_core::audit::NewAuditBatch;
use cardlift_core::payment_method::{DefaultChoice, SaveOutcome};
use cardlift_core::ports::SaveError;
use cardlift_sql::auditing;
use cardlift_sql::row::{NewPaymentMethodRow, PaymentMethodRow, Rewrite};
use cardlift_sql::schema::payment_method::{self, dsl};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};

use super::super::audit_trail;
use super::{lock_customer, move_default, one};
use crate::error::from_diesel;

/// The row as it stands then, and what that did.
pub(crate) type SavedRow = (PaymentMethodRow, SaveOutcome);

/// Saves it in a transaction of its own, and tells of that.
pub(crate) async fn alone(
    connection: &mut AsyncPgConnection,
    account: AccountId,
    new: &NewPaymentMethodRow,
    default: DefaultChoice,
) -> Result<SavedRow, SaveError> {
    let saved = connection.transaction(async |connection| {
        let mut told = NewAuditBatch::new(account, new.updated_at.0);
        let saved = save(connection, new, default, &mut told).await?;
        audit_trail::write(connection, &told).await?;
        Ok(saved)
    });
    saved.await.map_err(save_error)
}

/// Adds it, and tells of that, in one statement; `None` where it is there.
pub(super) async fn add(
    connection: &mut AsyncPgConnection,
    new: NewPaymentMethodRow,
) -> Result<Option<SavedRow>, SaveError> {
    let item = auditing::imported(&new);
    let id = one::insert_and_tell(connection, &new, &item).await.map_err(save_error)?;
    Ok(id.map(|id| (new.added(id), SaveOutcome::Imported)))
}

fn save_error(error: Error) -> SaveError {
    match error {
        Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => {
            SaveError::CustomerMissing
        }
        other => SaveError::Store(from_diesel(other)),
    }
}

/// The steps of a save. Locks are taken in one order, customer before payment method, so that no
/// two saves wait for each other.
async fn save(
    connection: &mut AsyncPgConnection,
    new: &NewPaymentMethodRow,
    default: DefaultChoice,
    told: &mut NewAuditBatch,
) -> QueryResult<SavedRow> {
    if default == DefaultChoice::MakeDefault {
        lock_customer(connection, new.account_id, new.customer_id).await?;
    }
    let (row, outcome) = write_card(connection, new, told).await?;
    if default == DefaultChoice::LeaveAsIs || row.is_default {
        return Ok((row, outcome));
    }
    let row = move_default(connection, &row, new.updated_at, told).await?;
    Ok((row, outcome.and_changed()))
}

/// Its id, if it was not there.
async fn insert(
    connection: &mut AsyncPgConnection,
    new: &NewPaymentMethodRow,
) -> QueryResult<Option<i64>> {
    diesel::insert_into(payment_method::table)
        .values(new.clone())
        .on_conflict((dsl::account_id, dsl::customer_id, dsl::external_card_id))
        .do_nothing()
        .returning(dsl::id)
        .get_result(connection)
        .await
        .optional()
}

async fn write_card(
    connection: &mut AsyncPgConnection,
    new: &NewPaymentMethodRow,
    told: &mut NewAuditBatch,
) -> QueryResult<SavedRow> {
    if let Some(id) = insert(connection, new).await? {
        told.add(id, &auditing::imported(new));
        return Ok((new.clone().added(id), SaveOutcome::Imported));
    }
    // It is there: whoever wrote it has committed, or the insert would still be waiting.
    let there = dsl::payment_method
        .filter(dsl::account_id.eq(new.account_id))
        .filter(dsl::customer_id.eq(new.customer_id))
        .filter(dsl::external_card_id.eq(&new.instrument.external_card_id))
        .select(PaymentMethodRow::as_select())
        .for_update()
        .first(connection)
        .await?;
    let Some(outcome) = there.outcome_of(&new.instrument) else {
        return Ok((there, SaveOutcome::Unchanged));
    };
    let row = diesel::update(dsl::payment_method.find((new.account_id, there.id)))
        .set(Rewrite::new(&there, new))
        .returning(PaymentMethodRow::as_returning())
        .get_result(connection)
        .await?;
    told.add(row.id, &auditing::rewritten(&there, new, outcome));
    Ok((row, outcome))
}

#[cfg(test)]
mod tests {
    use cardlift_contract::suite::rows::bare_payment_method;
    use cardlift_core::Timestamp;
    use cardlift_core::account::AccountId;
    use diesel::pg::Pg;
    use diesel::query_builder::QueryFragment as _;

    use super::*;

    #[test]
    fn the_insert_of_a_card_of_which_little_is_known_is_kept_prepared() {
        let new = bare_payment_method();
        let row = NewPaymentMethodRow::new(AccountId::DEFAULT, &new, Timestamp::UNIX_EPOCH);
        let insert = diesel::insert_into(payment_method::table).values(row);
        assert!(insert.is_safe_to_cache_prepared(&Pg).expect("walked"));
    }
}
