//! Port: the billing system's customers.

use async_trait::async_trait;

use super::StoreError;
use crate::Timestamp;
use crate::account::AccountId;
use crate::customer::{
    Customer, CustomerId, CustomerProfile, CustomerQuery, CustomerRecord, CustomerStatus,
    LoadCounts,
};
use crate::page::{Page, PageRequest};

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
    /// Where an id stands twice, the later record counts. Customers that were not there are active.
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

    /// Adds a customer of this status under the id that follows the account's greatest.
    ///
    /// Not idempotent: each call adds one, under an id of its own, under any concurrency.
    ///
    /// # Errors
    /// [`StoreError`] of any kind; [`Failed`](super::StoreErrorKind::Failed) for an account that
    /// does not exist.
    async fn create(
        &self,
        account: AccountId,
        profile: &CustomerProfile,
        status: CustomerStatus,
        at: Timestamp,
    ) -> Result<Customer, StoreError>;

    /// Replaces the profile and status of a customer, and returns it; `None` where the account has
    /// no such customer. What the profile leaves out is gone.
    ///
    /// Idempotent but for the time.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn replace(
        &self,
        account: AccountId,
        id: CustomerId,
        profile: &CustomerProfile,
        status: CustomerStatus,
        at: Timestamp,
    ) -> Result<Option<Customer>, StoreError>;

    /// A page of the account's customers. Texts are compared byte by byte, ASCII letters in either
    /// case alike; an empty one is as good as none, and comes first.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn search(
        &self,
        account: AccountId,
        query: &CustomerQuery,
        page: PageRequest,
    ) -> Result<Page<Customer>, StoreError>;
}
