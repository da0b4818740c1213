//! Port: the secrets that are kept, sealed.

use async_trait::async_trait;

use super::{ModeBinding, StoreError};
use crate::account::AccountId;
use crate::sealed::{Rotation, SealedSecret, SecretLabel, SecretName};
use crate::vault::VaultMode;

/// The secrets that are kept. What is handed to it is sealed already.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait SealedSecretStore: Send + Sync {
    /// The secret of this label.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn sealed(&self, label: SecretLabel) -> Result<Option<SealedSecret>, StoreError>;

    /// Which of these accounts have a secret of this name, in any order.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn sealed_for(
        &self,
        name: SecretName,
        accounts: &[AccountId],
    ) -> Result<Vec<AccountId>, StoreError>;

    /// Binds an account to the mode of a key for the vault, as
    /// [`bind_mode`](super::AccountRepository::bind_mode) does, and keeps the key in place of whatever there
    /// was: both or neither, so that of keys of both modes at once the one that stays has the account's.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn put_vault_key(
        &self,
        account: AccountId,
        mode: VaultMode,
        secret: &SealedSecret,
    ) -> Result<ModeBinding, StoreError>;

    /// Keeps a secret where there is none, and returns the one that there is then. Of callers at once,
    /// all get the same.
    ///
    /// # Errors
    /// [`StoreError`] of any kind; [`Failed`](super::StoreErrorKind::Failed) for an account that is not
    /// there.
    async fn add_sealed(
        &self,
        label: SecretLabel,
        secret: &SealedSecret,
    ) -> Result<SealedSecret, StoreError>;

    /// Puts a secret in place of another, where that is still there; says whether it was.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn replace_sealed(
        &self,
        label: SecretLabel,
        old: &SealedSecret,
        new: &SealedSecret,
    ) -> Result<bool, StoreError>;

    /// Forgets a secret; says whether there was one.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn remove_sealed(&self, label: SecretLabel) -> Result<bool, StoreError>;

    /// The next secrets after this one, by account: some, or none where there are no more.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn list_sealed(
        &self,
        after: Option<SecretLabel>,
    ) -> Result<Vec<(SecretLabel, SealedSecret)>, StoreError>;

    /// Tells the trail of the default account that secrets were sealed under another master key. Of each
    /// that is [replaced](Self::replace_sealed) nothing is told.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn tell_rotation(&self, rotation: &Rotation) -> Result<(), StoreError>;
}
