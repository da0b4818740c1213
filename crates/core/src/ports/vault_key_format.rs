//! Port: what keys of the vault look like.

use secrecy::SecretString;
use thiserror::Error;

use crate::vault::VaultMode;

/// A text that is no key which could read the vault. It says what one looks like, and nothing of the
/// text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct NotAVaultKey(pub String);

/// Tells keys of the vault from other texts, by their looks alone: nobody is asked.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait VaultKeyFormat: Send + Sync {
    /// Which mode a key is for.
    ///
    /// # Errors
    /// [`NotAVaultKey`].
    fn mode(&self, key: &SecretString) -> Result<VaultMode, NotAVaultKey>;
}
