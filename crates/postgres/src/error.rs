//! Which kind of store error each failure of the database is.

use cardlift_core::ports::{StoreError, StoreErrorKind};
use cardlift_sql::SharedError;
use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::pooled_connection::deadpool::PoolError;

/// What Postgres says when it has nothing for anybody: an operator shuts it down, it is only starting
/// up, or it is out of connections.
const GONE: [&str; 4] = [
    "terminating connection",
    "the database system is",
    "sorry, too many clients already",
    "remaining connection slots are reserved",
];

/// What it says when it stopped one statement, which it rolled back: the time of the statement or for a
/// lock was up, an operator asked for it, or it was one of two that waited for each other.
const STOPPED: [&str; 2] = ["canceling statement due to", "deadlock detected"];

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

/// Why a lot of calls was not carried out.
#[derive(Debug)]
pub(crate) enum LotError {
    /// The server has nothing for anybody: each caller is told.
    Gone(SharedError),
    /// One of the lot met what is its own: a row that is refused or can't be read, a lock that somebody
    /// holds. Nothing was written. Which one it was shows when each is carried out by itself.
    OneOfThem,
}

impl LotError {
    pub(crate) fn from_diesel(error: Error) -> Self {
        if is_gone(&error) {
            Self::Gone(SharedError::new(StoreErrorKind::Unavailable, error))
        } else {
            Self::OneOfThem
        }
    }

    pub(crate) fn from_pool(error: PoolError) -> Self {
        Self::Gone(SharedError::new(StoreErrorKind::Unavailable, error))
    }
}

pub(crate) fn from_diesel(error: Error) -> StoreError {
    StoreError::new(kind(&error), error)
}

pub(crate) fn from_pool(error: PoolError) -> StoreError {
    StoreError::new(StoreErrorKind::Unavailable, error)
}

fn kind(error: &Error) -> StoreErrorKind {
    match error {
        error if is_gone(error) || is_stopped(error) => StoreErrorKind::Unavailable,
        Error::DeserializationError(_) => StoreErrorKind::Corrupt,
        _ => StoreErrorKind::Failed,
    }
}

fn is_gone(error: &Error) -> bool {
    use DatabaseErrorKind::{ClosedConnection, ReadOnlyTransaction, UnableToSendCommand};
    match error {
        Error::DatabaseError(ClosedConnection | ReadOnlyTransaction | UnableToSendCommand, _)
        | Error::BrokenTransactionManager => true,
        Error::DatabaseError(_, information) => begins(information.message(), &GONE),
        _ => false,
    }
}

fn is_stopped(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        Error::DatabaseError(_, information) => begins(information.message(), &STOPPED),
        _ => false,
    }
}

fn begins(message: &str, texts: &[&str]) -> bool {
    texts.iter().any(|text| message.starts_with(text))
}

#[cfg(test)]
mod tests;
