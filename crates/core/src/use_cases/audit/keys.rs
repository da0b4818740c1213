//! Use case: have what the audit trail is sealed with.

use std::sync::Arc;

use secrecy::ExposeSecret;

use crate::audit::ChainKey;
use crate::ports::{Entropy, SealedSecretStore, Sealer, SealerError};
use crate::sealed::{SealedSecret, SecretLabel};
use crate::use_cases::MasterKeyError;

const LABEL: SecretLabel = SecretLabel::AUDIT_CHAIN;

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
        let sealed = self.secrets.sealed(LABEL).await?;
        sealed.map(|sealed| self.opened(&sealed)).transpose()
    }

    /// Opens it. Of those who make one at once, one is faster, and all have that one.
    ///
    /// # Errors
    /// Each kind of [`MasterKeyError`].
    pub async fn open(&self) -> Result<ChainKey, MasterKeyError> {
        if let Some(there) = self.find().await? {
            return Ok(there);
        }
        let made = ChainKey::generate(self.entropy.as_ref());
        let sealed = self.sealer.seal(LABEL, made.expose_secret())?;
        self.opened(&self.secrets.add_sealed(LABEL, &sealed).await?)
    }

    fn opened(&self, sealed: &SealedSecret) -> Result<ChainKey, MasterKeyError> {
        let opened = self.sealer.open(LABEL, sealed)?;
        ChainKey::new(&opened).ok_or_else(|| SealerError::Changed(LABEL).into())
    }
}
