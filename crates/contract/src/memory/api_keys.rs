use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::api_key::{
    ApiKey, ApiKeyId, KeyDigest, KeyOfAccount, KeyUse, NewApiKey, Rehash,
};
use cardlift_core::audit::told;
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::ports::{ApiKeyStore, StoreError, StoreErrorKind};
use cardlift_core::sealed::{SealedSecret, SecretLabel};

use super::{InMemory, next_id, page_of};

#[async_trait]
impl ApiKeyStore for InMemory {
    async fn add(&self, key: &NewApiKey) -> Result<ApiKey, StoreError> {
        let mut state = self.state();
        state.require_account(key.account)?;
        if state.keys.iter().any(|there| there.digest == key.digest) {
            return Err(StoreError::new(StoreErrorKind::Failed, "the digest is there already"));
        }
        let key = ApiKey {
            id: next_id(state.keys.len()),
            account: key.account,
            label: key.label.clone(),
            digest: key.digest,
            scopes: key.scopes,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        state.keys.push(key.clone());
        state.tell(&told::api_key_created(&key));
        Ok(key)
    }

    async fn find_by_digest(&self, digest: &KeyDigest) -> Result<Option<KeyOfAccount>, StoreError> {
        let state = self.state();
        let Some(key) = state.keys.iter().find(|key| key.digest == *digest) else {
            return Ok(None);
        };
        let account = state.accounts.iter().find(|account| account.id == key.account);
        Ok(account.map(|account| KeyOfAccount { key: key.clone(), account: account.clone() }))
    }

    async fn list_keys(
        &self,
        account: AccountId,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<ApiKey>, StoreError> {
        let state = self.state();
        let keys = state.keys.iter().filter(|key| key.account == account);
        Ok(page_of(keys.cloned().collect(), order, page))
    }

    async fn revoke(
        &self,
        account: AccountId,
        id: ApiKeyId,
        at: Timestamp,
    ) -> Result<Option<ApiKey>, StoreError> {
        let mut state = self.state();
        let key = state.keys.iter_mut().find(|key| key.account == account && key.id == id);
        let Some(key) = key else { return Ok(None) };
        let was_live = key.revoked_at.is_none();
        key.revoked_at.get_or_insert(at);
        let key = key.clone();
        if was_live {
            state.tell(&told::api_key_revoked(&key, at));
        }
        Ok(Some(key))
    }

    async fn adopt_hash_key(
        &self,
        sealed: &SealedSecret,
        rehash: Rehash,
    ) -> Result<SealedSecret, StoreError> {
        let mut state = self.state();
        if let Some(there) = state.sealed.get(&SecretLabel::API_KEY_HASH) {
            return Ok(there.clone());
        }
        state.sealed.insert(SecretLabel::API_KEY_HASH, sealed.clone());
        for key in &mut state.keys {
            key.digest = rehash(&key.digest);
        }
        Ok(sealed.clone())
    }

    async fn note_uses(&self, uses: &[KeyUse]) -> Result<(), StoreError> {
        let mut state = self.state();
        for KeyUse { account, key: id, at } in uses {
            let key = state.keys.iter_mut().find(|key| key.account == *account && key.id == *id);
            if let Some(key) = key {
                // None is before any time.
                key.last_used_at = key.last_used_at.max(Some(*at));
            }
        }
        Ok(())
    }
}
