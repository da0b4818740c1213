//! Which kind of store error each failure of the database is.

use cardlift_core::ports::{StoreError, StoreErrorKind};
use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::pooled_connection::deadpool::PoolError;

/// What Postgres says when it was told to stop: by the statement time-out, by an operator who
/// shuts it down, or because it is only starting up or out of connections.
const PASSING: [&str; 5] = [
    "canceling statement due to",
    "terminating connection due to",
    "the database system is",
    "sorry, too many clients already",
    "remaining connection slots are reserved",
];

pub(crate) fn from_diesel(error: Error) -> StoreError {
    let kind = match &error {
        Error::DatabaseError(
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::SerializationFailure
            | DatabaseErrorKind::UnableToSendCommand,
            _,
        )
        | Error::BrokenTransactionManager => StoreErrorKind::Unavailable,
        Error::DatabaseError(_, information)
            if PASSING.iter().any(|passing| information.message().starts_with(passing)) =>
        {
            StoreErrorKind::Unavailable
        }
        Error::DeserializationError(_) => StoreErrorKind::Corrupt,
        _ => StoreErrorKind::Failed,
    };
    StoreError::new(kind, error)
}

pub(crate) fn from_pool(error: PoolError) -> StoreError {
    StoreError::new(StoreErrorKind::Unavailable, error)
}
