//! Port: the accounts.

use async_trait::async_trait;

use super::StoreError;
use crate::account::{Account, AccountId, AccountName, RateLimits};
use crate::external_id::ConnectedAccountId;

/// The accounts. The one of [`AccountId::DEFAULT`](crate::account::AccountId::DEFAULT), named
/// `default`, exists from the start.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait AccountRepository: Send + Sync {
    /// The account of this name, made where there is none.
    ///
    /// Idempotent: the same name gives the same account, under any concurrency.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn ensure(&self, name: &AccountName) -> Result<Account, StoreError>;

    /// The account of this name.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn find_by_name(&self, name: &AccountName) -> Result<Option<Account>, StoreError>;

    /// The account of this id.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn get(&self, id: AccountId) -> Result<Option<Account>, StoreError>;

    /// Sets which connected account of the vault this account reads, or that it reads none, and
    /// returns the account; `None` where there is no such account.
    ///
    /// Idempotent.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn connect(
        &self,
        id: AccountId,
        connected_account: Option<ConnectedAccountId>,
    ) -> Result<Option<Account>, StoreError>;

    /// Sets how many requests each key of this account may make, and returns the account; `None`
    /// where there is no such account.
    ///
    /// Idempotent.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn limit(&self, id: AccountId, limits: RateLimits)
    -> Result<Option<Account>, StoreError>;
}
