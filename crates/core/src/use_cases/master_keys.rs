//! Use cases: see whether every secret can be opened, and seal them under another master key.

use std::collections::BTreeSet;
use std::sync::Arc;

use thiserror::Error;

use crate::ports::{SealedSecretStore, Sealer, SealerError, StoreError};
use crate::sealed::{MasterKeyId, Rotation, SealedSecret, SecretLabel, SecretName};

/// Looks after the secrets that are kept.
#[derive(Clone)]
pub struct MasterKeys {
    /// The secrets.
    pub secrets: Arc<dyn SealedSecretStore>,
    /// What seals them.
    pub sealer: Arc<dyn Sealer>,
}

/// What there is, all of which can be opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// So many secrets.
    pub secrets: u64,
    /// So many of them are credentials for the vault.
    pub vault_keys: u64,
}

/// What came of sealing the secrets anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// So many were sealed anew.
    pub resealed: u64,
    /// So many were sealed under the current key already.
    pub current: u64,
}

/// Why it broke off. What was sealed anew until then stays so.
#[derive(Debug, Error)]
pub enum MasterKeyError {
    /// A secret can't be opened.
    #[error(transparent)]
    Sealer(#[from] SealerError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is a chain, and nothing to hold it against.
    #[error(
        "the audit trail is chained, and the database has no key of it: somebody took it away. None is \
         made, since all that was chained would look changed under another: put back the sealed secret \
         {} as a backup has it (docs/OPERATIONS.md, The audit trail)",
        SecretName::AuditChain.name()
    )]
    ChainKeyGone,
}

impl MasterKeys {
    /// Opens each secret, and says what there is.
    ///
    /// # Errors
    /// The first [`MasterKeyError`] that is met.
    pub async fn check(&self) -> Result<Checked, MasterKeyError> {
        let mut checked = Checked::default();
        let mut pages = Pages::default();
        while let Some(secrets) = pages.next(self.secrets.as_ref()).await? {
            for (label, sealed) in secrets {
                self.sealer.open(label, &sealed)?;
                checked.secrets += 1;
                checked.vault_keys += u64::from(label.name == SecretName::VaultKey);
            }
        }
        Ok(checked)
    }

    /// Seals each secret under the current master key. Who reads one meanwhile finds it under the one
    /// or the other; one that is changed meanwhile is as it was changed. At the end the trail is told of
    /// all that were sealed anew, also where the run broke off.
    ///
    /// # Errors
    /// The first [`MasterKeyError`] that is met.
    pub async fn reseal(&self) -> Result<Resealed, MasterKeyError> {
        let mut run = Run::default();
        let ended = self.reseal_all(&mut run).await;
        let told = match run.rotation() {
            Some(rotation) => self.secrets.tell_rotation(&rotation).await,
            None => Ok(()),
        };
        ended?;
        told?;
        Ok(run.done)
    }

    async fn reseal_all(&self, run: &mut Run) -> Result<(), MasterKeyError> {
        let mut pages = Pages::default();
        while let Some(secrets) = pages.next(self.secrets.as_ref()).await? {
            for (label, sealed) in secrets {
                match self.reseal_one(label, sealed).await? {
                    Some((from, to)) => run.note(from, to),
                    None => run.done.current += 1,
                }
            }
        }
        Ok(())
    }

    /// The master keys before and after, where it had to be sealed anew.
    async fn reseal_one(
        &self,
        label: SecretLabel,
        mut sealed: SealedSecret,
    ) -> Result<Option<(MasterKeyId, MasterKeyId)>, MasterKeyError> {
        while let Some(new) = self.sealer.reseal(label, &sealed)? {
            if self.secrets.replace_sealed(label, &sealed, &new).await? {
                return Ok(Some((sealed.master_key, new.master_key)));
            }
            // Somebody has changed it, maybe under the old key: it is looked at again.
            match self.secrets.sealed(label).await? {
                Some(changed) => sealed = changed,
                None => return Ok(None),
            }
        }
        Ok(None)
    }
}

/// What was done so far.
#[derive(Default)]
struct Run {
    done: Resealed,
    from: BTreeSet<MasterKeyId>,
    to: Option<MasterKeyId>,
}

impl Run {
    /// That a secret was sealed anew.
    fn note(&mut self, from: MasterKeyId, to: MasterKeyId) {
        self.done.resealed += 1;
        self.from.insert(from);
        self.to = Some(to);
    }

    /// What there is to tell.
    fn rotation(&self) -> Option<Rotation> {
        let to = self.to.clone()?;
        Some(Rotation { from: self.from.clone(), to, secrets: self.done.resealed })
    }
}

/// All the secrets, some at a time.
#[derive(Default)]
struct Pages {
    after: Option<SecretLabel>,
}

impl Pages {
    async fn next(
        &mut self,
        secrets: &dyn SealedSecretStore,
    ) -> Result<Option<Vec<(SecretLabel, SealedSecret)>>, StoreError> {
        let page = secrets.list_sealed(self.after).await?;
        let Some((last, _)) = page.last() else { return Ok(None) };
        self.after = Some(*last);
        Ok(Some(page))
    }
}

#[cfg(test)]
mod tests;
