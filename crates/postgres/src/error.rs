//! Which kind of store error each failure of the database is.

use cardlift_core::ports::{StoreError, StoreErrorKind};
use cardlift_sql::SharedError;
use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::pooled_connection::deadpool::PoolError;

/// What Postgres says when it was told to stop: by the statement time-out, by an operator who
/// shuts it down, or because it is only starting up or out of connections; and when it stopped one
/// of two transactions that waited for each other.
const PASSING: [&str; 6] = [
    "canceling statement due to",
    "terminating connection due to",
    "the database system is",
    "sorry, too many clients already",
    "remaining connection slots are reserved",
    "deadlock detected",
];

/// Why a transaction was rolled back.
pub(crate) enum Abort<E> {
    /// The database refused a statement, or the rows that it had are none.
    Database(Error),
    /// The port refuses it.
    Port(E),
}

impl<E> From<Error> for Abort<E> {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl<E: From<StoreError>> Abort<E> {
    pub(crate) fn into_port(self) -> E {
        match self {
            Self::Database(error) => from_diesel(error).into(),
            Self::Port(error) => error,
        }
    }
}

pub(crate) fn from_diesel(error: Error) -> StoreError {
    StoreError::new(kind(&error), error)
}

/// The same for an error that several callers are told of.
pub(crate) fn shared(error: Error) -> SharedError {
    SharedError::new(kind(&error), error)
}

fn kind(error: &Error) -> StoreErrorKind {
    match error {
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
    }
}

pub(crate) fn from_pool(error: PoolError) -> StoreError {
    StoreError::new(StoreErrorKind::Unavailable, error)
}

pub(crate) fn shared_from_pool(error: PoolError) -> SharedError {
    SharedError::new(StoreErrorKind::Unavailable, error)
}
