//! Port: what seals secrets, and opens them.

use secrecy::SecretSlice;
use thiserror::Error;

use crate::sealed::{MasterKeyId, SealedSecret, SecretLabel};

/// A secret could not be sealed, or opened.
#[derive(Debug, Error)]
pub enum SealerError {
    /// There is no master key to seal with.
    #[error("there is no master key")]
    NoCurrentKey,
    /// Its master key is not at hand.
    #[error("{label} is sealed under master key {master_key}, which is not at hand")]
    NoMasterKey {
        /// Which secret.
        label: SecretLabel,
        /// Under which key.
        master_key: MasterKeyId,
    },
    /// It is not what was sealed under this label with this key: something of it was changed.
    #[error("{0} is not what was sealed: it was changed, or belongs to another account")]
    Changed(SecretLabel),
}

/// Seals secrets under the current master key, and opens those under any that is at hand.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Sealer: Send + Sync {
    /// Seals a secret for this label and no other.
    ///
    /// # Errors
    /// [`SealerError::NoCurrentKey`].
    fn seal(&self, label: SecretLabel, secret: &[u8]) -> Result<SealedSecret, SealerError>;

    /// Opens a secret.
    ///
    /// # Errors
    /// [`SealerError::NoMasterKey`] and [`SealerError::Changed`].
    fn open(
        &self,
        label: SecretLabel,
        sealed: &SealedSecret,
    ) -> Result<SecretSlice<u8>, SealerError>;

    /// Seals a secret's own key anew, under the current master key; `None` where it is sealed under that
    /// already.
    ///
    /// # Errors
    /// Each kind of [`SealerError`].
    fn reseal(
        &self,
        label: SecretLabel,
        sealed: &SealedSecret,
    ) -> Result<Option<SealedSecret>, SealerError>;
}
