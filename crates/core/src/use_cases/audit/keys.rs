//! Use case: have what the audit trail is sealed with.

use std::sync::Arc;

use secrecy::ExposeSecret;

use crate::audit::ChainKey;
use crate::ports::{AuditTrail, Entropy, SealedSecretStore, Sealer, SealerError};
use crate::sealed::{SealedSecret, SecretLabel};
use crate::use_cases::MasterKeyError;

const LABEL: SecretLabel = SecretLabel::AUDIT_CHAIN;

/// Opens what the audit trail is sealed with. It is made where nothing is chained yet: under another one
/// all that is would look changed.
#[derive(Clone)]
pub struct ChainKeys {
    /// Where it is kept.
    pub secrets: Arc<dyn SealedSecretStore>,
    /// What is sealed with it.
    pub trail: Arc<dyn AuditTrail>,
    /// What seals it.
    pub sealer: Arc<dyn Sealer>,
    /// What it is made of.
    pub entropy: Arc<dyn Entropy>,
}

impl ChainKeys {
    /// Opens the one that there is; `None` where there is none, and one may be made.
    ///
    /// # Errors
    /// Each kind of [`MasterKeyError`]; [`ChainKeyGone`](MasterKeyError::ChainKeyGone) where there is none,
    /// and something is chained.
    pub async fn find(&self) -> Result<Option<ChainKey>, MasterKeyError> {
        if let Some(there) = self.stored().await? {
            return Ok(Some(there));
        }
        if !self.trail.is_chained().await? {
            return Ok(None);
        }
        // Somebody may have made one since, and chained: then it is there by now.
        self.stored().await?.map(Some).ok_or(MasterKeyError::ChainKeyGone)
    }

    /// Opens it, and makes it first where one may be made. Of those who make one at once, one is faster,
    /// and all have that one.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub async fn open(&self) -> Result<ChainKey, MasterKeyError> {
        if let Some(there) = self.find().await? {
            return Ok(there);
        }
        let made = ChainKey::generate(self.entropy.as_ref());
        let sealed = self.sealer.seal(LABEL, made.expose_secret())?;
        self.opened(&self.secrets.add_sealed(LABEL, &sealed).await?)
    }

    async fn stored(&self) -> Result<Option<ChainKey>, MasterKeyError> {
        let sealed = self.secrets.sealed(LABEL).await?;
        sealed.map(|sealed| self.opened(&sealed)).transpose()
    }

    fn opened(&self, sealed: &SealedSecret) -> Result<ChainKey, MasterKeyError> {
        let opened = self.sealer.open(LABEL, sealed)?;
        ChainKey::new(&opened).ok_or_else(|| SealerError::Changed(LABEL).into())
    }
}

#[cfg(test)]
mod tests;
