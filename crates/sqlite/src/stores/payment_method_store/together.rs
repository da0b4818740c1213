//! Saving the payment methods of several callers in one transaction, since what takes long is the
//! commit.

use std::time::Duration;

use cardlift_core::payment_method::{DefaultChoice, SaveOutcome};
use cardlift_core::ports::{SaveError, StoreErrorKind};
use cardlift_sql::row::{NewPaymentMethodRow, PaymentMethodRow};
use cardlift_sql::{Merging, SharedError};
use diesel::Connection as _;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::pooled_connection::deadpool::Pool;
use futures_util::FutureExt as _;

use super::{save, save_error};
use crate::database::Connection as Writer;
use crate::error::{shared, shared_from_pool};

type New = (NewPaymentMethodRow, DefaultChoice);
type Saved = Result<(PaymentMethodRow, SaveOutcome), SaveError>;

/// What saves them.
pub(crate) type Saving = Merging<New, (PaymentMethodRow, SaveOutcome), SaveError>;

/// There is one writer, so one lot at a time.
pub(crate) fn saving(writer: &Pool<Writer>, patience: Duration) -> Saving {
    let writer = writer.clone();
    Merging::new("save_payment_method", 1, patience, move |new: Vec<New>| {
        let writer = writer.clone();
        async move {
            let count = new.len();
            save_all(&writer, new).await.unwrap_or_else(|error| match error.kind() {
                StoreErrorKind::Unavailable => {
                    let told = || Err(SaveError::Store(error.clone().into()));
                    std::iter::repeat_with(told).take(count).collect()
                }
                // Nothing was written: each does it by itself, so that what one met stays its own.
                _ => Vec::new(),
            })
        }
        .boxed()
    })
}

/// One that the tables refuse leaves nothing, and the others where they are. Whatever else is met
/// undoes all: SQLite itself ends the transaction where the disk is full, say.
async fn save_all(writer: &Pool<Writer>, new: Vec<New>) -> Result<Vec<Saved>, SharedError> {
    let mut connection = writer.get().await.map_err(shared_from_pool)?;
    let work = move |connection: &mut SqliteConnection| {
        connection.immediate_transaction(|connection| {
            let each = new.iter().map(|(row, default)| match default {
                // It writes one row, or none where that fails.
                DefaultChoice::LeaveAsIs => save(connection, row, *default),
                DefaultChoice::MakeDefault => {
                    connection.transaction(|connection| save(connection, row, *default))
                }
            });
            each.map(|saved| match saved {
                Err(error) if !is_refused(&error) => Err(error),
                saved => Ok(saved.map_err(save_error)),
            })
            .collect()
        })
    };
    connection.spawn_blocking(work).await.map_err(shared)
}

/// Whether the tables don't take it, which is about this row alone.
const fn is_refused(error: &Error) -> bool {
    use DatabaseErrorKind::{
        CheckViolation, ForeignKeyViolation, NotNullViolation, UniqueViolation,
    };
    matches!(
        error,
        Error::DatabaseError(
            CheckViolation | ForeignKeyViolation | NotNullViolation | UniqueViolation,
            _
        )
    )
}
