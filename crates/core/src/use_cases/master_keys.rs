//! Use cases: see whether every secret can be opened, and seal them under another master key.

use std::sync::Arc;

use thiserror::Error;

use crate::ports::{SealedSecretStore, Sealer, SealerError, StoreError};
use crate::sealed::{SealedSecret, SecretLabel, SecretName};

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
    /// or the other; one that is changed meanwhile is as it was changed.
    ///
    /// # Errors
    /// The first [`MasterKeyError`] that is met.
    pub async fn reseal(&self) -> Result<Resealed, MasterKeyError> {
        let mut done = Resealed::default();
        let mut pages = Pages::default();
        while let Some(secrets) = pages.next(self.secrets.as_ref()).await? {
            for (label, sealed) in secrets {
                if self.reseal_one(label, sealed).await? {
                    done.resealed += 1;
                } else {
                    done.current += 1;
                }
            }
        }
        Ok(done)
    }

    /// Whether it had to be sealed anew.
    async fn reseal_one(
        &self,
        label: SecretLabel,
        mut sealed: SealedSecret,
    ) -> Result<bool, MasterKeyError> {
        while let Some(new) = self.sealer.reseal(label, &sealed)? {
            if self.secrets.replace_sealed(label, &sealed, &new).await? {
                return Ok(true);
            }
            // Somebody has changed it, maybe under the old key: it is looked at again.
            match self.secrets.sealed(label).await? {
                Some(changed) => sealed = changed,
                None => return Ok(false),
            }
        }
        Ok(false)
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
mod tests {
    use mockall::Sequence;
    use mockall::predicate::{always, eq};

    use super::*;
    use crate::account::AccountId;
    use crate::ports::{MockSealedSecretStore, MockSealer};
    use crate::sealed::MasterKeyId;

    fn label(account: i64) -> SecretLabel {
        SecretLabel::vault_key(AccountId::try_from(account).expect("an id"))
    }

    fn sealed(key: &str) -> SealedSecret {
        let master_key = MasterKeyId::parse(key).expect("an id");
        SealedSecret { master_key, key: vec![1], secret: vec![2] }
    }

    fn old() -> SealedSecret {
        sealed("00000000000000aa")
    }

    fn new() -> SealedSecret {
        sealed("00000000000000bb")
    }

    fn stored(pages: Vec<Vec<(SecretLabel, SealedSecret)>>) -> MockSealedSecretStore {
        let mut secrets = MockSealedSecretStore::new();
        let mut sequence = Sequence::new();
        let mut after = None;
        for page in pages {
            let next = page.last().map(|(label, _)| *label);
            let list = secrets.expect_list_sealed().with(eq(after)).in_sequence(&mut sequence);
            list.once().return_once(|_| Ok(page));
            after = next;
        }
        secrets
    }

    fn sealer() -> MockSealer {
        let mut sealer = MockSealer::new();
        sealer.expect_reseal().returning(|_, sealed| Ok((*sealed == old()).then(new)));
        sealer
    }

    fn use_case(secrets: MockSealedSecretStore, sealer: MockSealer) -> MasterKeys {
        MasterKeys { secrets: Arc::new(secrets), sealer: Arc::new(sealer) }
    }

    #[tokio::test]
    async fn each_secret_of_the_old_key_is_sealed_under_the_new_one() {
        let mut secrets = stored(vec![
            vec![(label(1), old()), (label(2), new())],
            vec![(label(3), old())],
            vec![],
        ]);
        let replace = secrets.expect_replace_sealed().with(always(), eq(old()), eq(new()));
        replace.times(2).returning(|_, _, _| Ok(true));
        let done = use_case(secrets, sealer()).reseal().await.expect("done");
        assert_eq!(done, Resealed { resealed: 2, current: 1 });
    }

    #[tokio::test]
    async fn a_secret_that_is_changed_meanwhile_is_looked_at_again() {
        let changed = || SealedSecret { secret: vec![3], ..old() };
        let mut secrets = stored(vec![vec![(label(1), old())], vec![]]);
        let replace = secrets.expect_replace_sealed().with(always(), eq(old()), always());
        replace.once().returning(|_, _, _| Ok(false));
        secrets.expect_sealed().once().returning(move |_| Ok(Some(changed())));
        let replace = secrets.expect_replace_sealed().with(always(), eq(changed()), always());
        replace.once().returning(|_, _, _| Ok(true));
        let mut sealer = MockSealer::new();
        sealer.expect_reseal().times(2).returning(|_, sealed| {
            Ok(Some(SealedSecret { master_key: new().master_key, ..sealed.clone() }))
        });
        let done = use_case(secrets, sealer).reseal().await.expect("done");
        assert_eq!(done, Resealed { resealed: 1, current: 0 });
    }

    #[tokio::test]
    async fn a_secret_that_is_gone_meanwhile_is_no_fault() {
        let mut secrets = stored(vec![vec![(label(1), old())], vec![]]);
        secrets.expect_replace_sealed().once().returning(|_, _, _| Ok(false));
        secrets.expect_sealed().once().returning(|_| Ok(None));
        let done = use_case(secrets, sealer()).reseal().await.expect("done");
        assert_eq!(done, Resealed { resealed: 0, current: 1 });
    }

    #[tokio::test]
    async fn each_secret_is_opened() {
        let secrets =
            stored(vec![vec![(SecretLabel::API_KEY_HASH, old()), (label(1), old())], vec![]]);
        let mut sealer = MockSealer::new();
        sealer.expect_open().times(2).returning(|_, _| Ok(vec![7].into()));
        let checked = use_case(secrets, sealer).check().await.expect("opened");
        assert_eq!(checked, Checked { secrets: 2, vault_keys: 1 });
    }

    #[tokio::test]
    async fn a_secret_that_can_not_be_opened_is_told() {
        let secrets = stored(vec![vec![(label(1), old())]]);
        let mut sealer = MockSealer::new();
        sealer.expect_open().once().return_once(|label, sealed| {
            let master_key = sealed.master_key.clone();
            Err(SealerError::NoMasterKey { label, master_key })
        });
        let error = use_case(secrets, sealer).check().await.expect_err("refused");
        assert_eq!(
            error.to_string(),
            "vault_key of account 1 is sealed under master key 00000000000000aa, which is not at hand"
        );
    }
}
