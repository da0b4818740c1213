use std::error::Error;
use std::sync::Arc;

use cardlift_core::ports::{StoreError, StoreErrorKind};

/// A failure that several callers are told of.
#[derive(Debug, Clone)]
pub struct SharedError {
    kind: StoreErrorKind,
    source: Arc<dyn Error + Send + Sync>,
}

impl SharedError {
    /// A failure of this kind, from this cause.
    pub fn new(kind: StoreErrorKind, source: impl Error + Send + Sync + 'static) -> Self {
        Self { kind, source: Arc::new(source) }
    }

    /// What a caller can do about it.
    #[must_use]
    pub const fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

impl From<SharedError> for StoreError {
    fn from(SharedError { kind, source }: SharedError) -> Self {
        Self::new(kind, source)
    }
}
