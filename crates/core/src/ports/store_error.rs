//! What can go wrong in a store, whichever database it is.

use std::fmt;

use thiserror::Error;

use super::Source;

/// A store could not do what it was asked. Nothing was written.
#[derive(Debug, Error)]
#[error("{kind}")]
pub struct StoreError {
    kind: StoreErrorKind,
    source: Source,
}

/// What a caller can do about a [`StoreError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// Out of reach, out of connections, or too slow: the same call may go through later.
    Unavailable,
    /// A row holds what the domain can't understand: somebody has to look at it.
    Corrupt,
    /// The database refused the statement: a fault of ours, or of its set-up.
    Failed,
}

impl StoreError {
    /// An error of this kind, from this cause.
    pub fn new(kind: StoreErrorKind, source: impl Into<Source>) -> Self {
        Self { kind, source: source.into() }
    }

    /// What a caller can do about it.
    #[must_use]
    pub const fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

impl fmt::Display for StoreErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unavailable => "the database is out of reach or too slow",
            Self::Corrupt => "the database holds a row that can't be understood",
            Self::Failed => "the database refused a statement",
        })
    }
}
