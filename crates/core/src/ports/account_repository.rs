//! Port: the accounts.

use async_trait::async_trait;

use super::StoreError;
use crate::account::{Account, AccountChange, AccountId, AccountName};
use crate::page::{Page, PageRequest, SortOrder};
use crate::vault::VaultMode;

/// What came of binding an account to a mode of the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModeBinding {
    /// All its tokens are of this mode.
    Bound(Account),
    /// It has tokens of the other mode, or a job that reads it.
    OtherMode(VaultMode),
    /// There is no such account.
    NoAccount,
}

/// The accounts. The one of [`AccountId::DEFAULT`](crate::account::AccountId::DEFAULT), named
/// `default`, exists from the start.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait AccountRepository: Send + Sync {
    /// Makes an account of this name; `None` where there is one. Of callers at once, one makes it.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn create_account(&self, name: &AccountName) -> Result<Option<Account>, StoreError>;

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

    /// A page of the accounts, disabled ones too, in the order they were made.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn list_accounts(
        &self,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<Account>, StoreError>;

    /// Makes these changes of an account, all of them or none, and returns it as it is then; `None`
    /// where there is no such account.
    ///
    /// Idempotent.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn change_account(
        &self,
        id: AccountId,
        changes: &[AccountChange],
    ) -> Result<Option<Account>, StoreError>;

    /// Binds an account to a mode of the vault. One that is bound to the other is bound anew only
    /// where it has no payment method, deleted or not, and no job.
    ///
    /// Idempotent.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn bind_mode(&self, id: AccountId, mode: VaultMode) -> Result<ModeBinding, StoreError>;
}
