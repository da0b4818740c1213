//! Saving the payment methods of several callers in one transaction, since what takes long is the
//! commit.

use std::sync::Arc;
use std::time::Duration;

use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::audit::{Actor, NewAuditBatch};
use cardlift_core::payment_method::{DefaultChoice, NewPaymentMethod};
use cardlift_core::ports::{SaveError, StoreErrorKind};
use cardlift_sql::row::NewPaymentMethodRow;
use cardlift_sql::{Merging, SharedError};
use diesel::Connection as _;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::pooled_connection::deadpool::Pool;
use futures_util::FutureExt as _;

use super::{SavedRow, audit_trail, save, save_error};
use crate::database::Connection as Writer;
use crate::error::{shared, shared_from_pool};

/// What is to be saved.
pub(crate) struct Ask {
    row: NewPaymentMethodRow,
    default: DefaultChoice,
    /// What saving it changes.
    batch: NewAuditBatch,
    /// Who saves it.
    actor: Arc<Actor>,
}

type Saved = Result<SavedRow, SaveError>;

/// What saves them.
pub(crate) type Saving = Merging<Ask, SavedRow, SaveError>;

/// There is one writer, so one lot at a time.
pub(crate) fn saving(writer: &Pool<Writer>, patience: Duration) -> Saving {
    let writer = writer.clone();
    Merging::new("save_payment_method", 1, patience, move |new: Vec<Ask>| {
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
async fn save_all(writer: &Pool<Writer>, new: Vec<Ask>) -> Result<Vec<Saved>, SharedError> {
    let mut connection = writer.get().await.map_err(shared_from_pool)?;
    let work = move |connection: &mut SqliteConnection| {
        connection.immediate_transaction(|connection| {
            let (mut all, mut batches) = (Vec::new(), Vec::new());
            for new in new {
                match new.save(connection) {
                    Ok((saved, batch)) => {
                        batches.push(batch);
                        all.push(Ok(saved));
                    }
                    Err(error) if is_refused(&error) => all.push(Err(save_error(error))),
                    Err(error) => return Err(error),
                }
            }
            audit_trail::write_joined(connection, batches)?;
            Ok(all)
        })
    };
    connection.spawn_blocking(work).await.map_err(shared)
}

impl Ask {
    /// What the current actor saves.
    pub(super) fn new(account: AccountId, new: &NewPaymentMethod, at: Timestamp) -> Self {
        Self {
            row: NewPaymentMethodRow::new(account, new, at),
            default: new.default,
            batch: NewAuditBatch::new(account, at),
            actor: Actor::current(),
        }
    }

    /// Saves it, or leaves all as it was. The caller writes the batch.
    pub(super) fn save(
        self,
        connection: &mut SqliteConnection,
    ) -> QueryResult<(SavedRow, NewAuditBatch)> {
        let Self { row, default, mut batch, actor } = self;
        let saved = actor.does_now(|| match default {
            // It writes one row, or none where that fails.
            DefaultChoice::LeaveAsIs => save(connection, row, default, &mut batch),
            DefaultChoice::MakeDefault => {
                connection.transaction(|connection| save(connection, row, default, &mut batch))
            }
        });
        Ok((saved?, batch))
    }
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
