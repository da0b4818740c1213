//! Port: replies that are kept to be given again.

use async_trait::async_trait;

use super::StoreError;
use crate::Timestamp;
use crate::idempotency::{ClaimOutcome, IdempotencyClaim, StoredReply};

/// Replies kept under the idempotency keys of their requests.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait IdempotencyStore: Send + Sync {
    /// Claims a key. Of any number of claims at once, one is granted.
    ///
    /// A claim that was held beyond its time, and a reply past its expiry, are as if they had
    /// never been.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn claim(&self, claim: &IdempotencyClaim) -> Result<ClaimOutcome, StoreError>;

    /// Stores the reply to a claim that was granted. A claim that was lost meanwhile stores
    /// nothing.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn complete(
        &self,
        claim: &IdempotencyClaim,
        reply: &StoredReply,
    ) -> Result<(), StoreError>;

    /// Gives a granted claim up, so that the request can be tried again at once.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn release(&self, claim: &IdempotencyClaim) -> Result<(), StoreError>;

    /// Forgets what has expired, and says how many rows that were.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn purge(&self, now: Timestamp) -> Result<u64, StoreError>;
}
