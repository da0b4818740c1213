//! Port: whether the stores can be used.

use async_trait::async_trait;

use super::StoreError;

/// Says whether the stores can be used right now.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Readiness: Send + Sync {
    /// Goes to the database and back, within the adapter's time-out.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn check(&self) -> Result<(), StoreError>;
}
