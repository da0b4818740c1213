//! Use case: have what the audit trail is sealed with.

use std::sync::Arc;

use secrecy::ExposeSecret;

use crate::audit::ChainKey;
use crate::ports::{Entropy, SealedSecretStore, Sealer, SealerError};
use crate::sealed::SecretLabel;
use crate::use_cases::MasterKeyError;

/// Opens what the audit trail is sealed with; makes it where there is none.
#[derive(Clone)]
pub struct ChainKeys {
    /// Where it is kept.
    pub secrets: Arc<dyn SealedSecretStore>,
    /// What seals it.
    pub sealer: Arc<dyn Sealer>,
    /// What it is made of.
    pub entropy: Arc<dyn Entropy>,
}

impl ChainKeys {
    /// Opens the one that there is, and makes none, under which a trail would look false.
    ///
    /// # Errors
    /// Each kind of [`MasterKeyError`].
    pub async fn find(&self) -> Result<Option<ChainKey>, MasterKeyError> {
        let label = SecretLabel::AUDIT_CHAIN;
        let Some(sealed) = self.secrets.sealed(label).await? else { return Ok(None) };
        let opened = self.sealer.open(label, &sealed)?;
        ChainKey::new(&opened).map(Some).ok_or_else(|| SealerError::Changed(label).into())
    }

    /// Opens it. Of those who make one at once, one is faster, and all have that one.
    ///
    /// # Errors
    /// Each kind of [`MasterKeyError`].
    pub async fn open(&self) -> Result<ChainKey, MasterKeyError> {
        let label = SecretLabel::AUDIT_CHAIN;
        let sealed = if let Some(there) = self.secrets.sealed(label).await? {
            there
        } else {
            let made = ChainKey::generate(self.entropy.as_ref());
            let sealed = self.sealer.seal(label, made.expose_secret())?;
            self.secrets.add_sealed(label, &sealed).await?
        };
        let opened = self.sealer.open(label, &sealed)?;
        ChainKey::new(&opened).ok_or_else(|| SealerError::Changed(label).into())
    }
}
