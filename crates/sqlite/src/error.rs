//! Which kind of store error each failure of the database is.

use cardlift_core::ports::{StoreError, StoreErrorKind};
use cardlift_sql::SharedError;
use diesel::result::Error;
use diesel_async::pooled_connection::deadpool::PoolError;

/// What SQLite says when another process wrote for longer than we wait.
const LOCKED: &str = "database is locked";

/// Whether it is that another process writes.
pub(crate) fn is_locked(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(_, information) if information.message() == LOCKED)
}

pub(crate) fn from_diesel(error: Error) -> StoreError {
    StoreError::new(kind(&error), error)
}

/// The same for an error that several callers are told of.
pub(crate) fn shared(error: Error) -> SharedError {
    SharedError::new(kind(&error), error)
}

/// What undoes a transaction that has met a row which is none.
pub(crate) fn corrupt_row(error: StoreError) -> Error {
    Error::DeserializationError(error.into())
}

fn kind(error: &Error) -> StoreErrorKind {
    match error {
        locked if is_locked(locked) => StoreErrorKind::Unavailable,
        Error::DeserializationError(_) => StoreErrorKind::Corrupt,
        _ => StoreErrorKind::Failed,
    }
}

pub(crate) fn from_pool(error: PoolError) -> StoreError {
    StoreError::new(StoreErrorKind::Unavailable, error)
}

pub(crate) fn shared_from_pool(error: PoolError) -> SharedError {
    SharedError::new(StoreErrorKind::Unavailable, error)
}
