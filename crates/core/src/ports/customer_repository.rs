//! Port: the billing system's customers.

use async_trait::async_trait;

use super::StoreError;
use crate::Timestamp;
use crate::account::AccountId;
use crate::customer::{Customer, CustomerId, CustomerRecord, LoadCounts};

/// The billing system's customers.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait CustomerRepository: Send + Sync {
    /// The customer of this id, where this account has one. Another account's is as good as none.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn find(
        &self,
        account: AccountId,
        id: CustomerId,
    ) -> Result<Option<Customer>, StoreError>;

    /// Creates or updates these customers under the ids they come with, all of them or none.
    /// Where an id stands twice, the later record counts.
    ///
    /// Idempotent: loading the same records again changes nothing but the count.
    ///
    /// # Errors
    /// [`StoreError`] of any kind; [`Failed`](super::StoreErrorKind::Failed) for an account that
    /// does not exist.
    async fn load(
        &self,
        account: AccountId,
        customers: &[CustomerRecord],
        at: Timestamp,
    ) -> Result<LoadCounts, StoreError>;
}
