//! Port: the accounts.

use async_trait::async_trait;

use super::StoreError;
use crate::account::{Account, AccountName};

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
}
