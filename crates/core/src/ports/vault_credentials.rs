//! Port: the credentials for the vault that each account has.

use async_trait::async_trait;
use secrecy::SecretString;

use super::VaultError;
use crate::account::AccountId;
use crate::vault::VaultMode;

/// Credentials for the vault.
#[derive(Debug, Clone)]
pub struct VaultCredential {
    /// The key.
    pub key: SecretString,
    /// The mode that the account's tokens are of.
    pub mode: VaultMode,
}

/// The credentials of each account.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait VaultCredentials: Send + Sync {
    /// Those of this account, as they are now.
    ///
    /// # Errors
    /// [`VaultError::NoCredentials`], [`VaultError::CredentialsUnreadable`], and
    /// [`VaultError::Unavailable`] where those who keep them are out of reach.
    async fn credential(&self, account: AccountId) -> Result<VaultCredential, VaultError>;
}
