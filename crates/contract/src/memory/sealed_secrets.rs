use async_trait::async_trait;
use cardlift_core::account::AccountId;
use cardlift_core::audit::told;
use cardlift_core::ports::{ModeBinding, SealedSecretStore, StoreError};
use cardlift_core::sealed::{Rotation, SealedSecret, SecretLabel, SecretName};
use cardlift_core::vault::VaultMode;

use super::InMemory;
use super::audit::now;

/// How many are listed at once: few, so that the suite sees several pages.
const AT_ONCE: usize = 2;

#[async_trait]
impl SealedSecretStore for InMemory {
    async fn sealed(&self, label: SecretLabel) -> Result<Option<SealedSecret>, StoreError> {
        Ok(self.state().sealed.get(&label).cloned())
    }

    async fn sealed_for(
        &self,
        name: SecretName,
        accounts: &[AccountId],
    ) -> Result<Vec<AccountId>, StoreError> {
        let state = self.state();
        let has = |account: &AccountId| {
            state.sealed.contains_key(&SecretLabel { account: *account, name })
        };
        Ok(accounts.iter().copied().filter(has).collect())
    }

    async fn put_vault_key(
        &self,
        account: AccountId,
        mode: VaultMode,
        secret: &SealedSecret,
    ) -> Result<ModeBinding, StoreError> {
        let mut state = self.state();
        let (binding, bound) = state.bind(account, mode);
        if matches!(binding, ModeBinding::Bound(_)) {
            state.sealed.insert(SecretLabel::vault_key(account), secret.clone());
            let set = told::vault_key_set(account, secret, now());
            state.tell_joined(bound.into_iter().chain([set]));
        }
        Ok(binding)
    }

    async fn add_sealed(
        &self,
        label: SecretLabel,
        secret: &SealedSecret,
    ) -> Result<SealedSecret, StoreError> {
        let mut state = self.state();
        state.require_account(label.account)?;
        Ok(state.sealed.entry(label).or_insert_with(|| secret.clone()).clone())
    }

    async fn replace_sealed(
        &self,
        label: SecretLabel,
        old: &SealedSecret,
        new: &SealedSecret,
    ) -> Result<bool, StoreError> {
        let mut state = self.state();
        let there = state.sealed.get_mut(&label).filter(|there| *there == old);
        Ok(there.map(|there| *there = new.clone()).is_some())
    }

    async fn remove_sealed(&self, label: SecretLabel) -> Result<bool, StoreError> {
        let mut state = self.state();
        let was_there = state.sealed.remove(&label).is_some();
        if was_there && label.name == SecretName::VaultKey {
            state.tell(&told::vault_key_removed(label.account, now()));
        }
        Ok(was_there)
    }

    async fn list_sealed(
        &self,
        after: Option<SecretLabel>,
    ) -> Result<Vec<(SecretLabel, SealedSecret)>, StoreError> {
        let state = self.state();
        let later =
            state.sealed.iter().filter(|(label, _)| after.is_none_or(|last| **label > last));
        Ok(later.take(AT_ONCE).map(|(label, sealed)| (*label, sealed.clone())).collect())
    }

    async fn tell_rotation(&self, rotation: &Rotation) -> Result<(), StoreError> {
        self.state().tell(&told::master_key_rotated(rotation, now()));
        Ok(())
    }
}
