//! A database that gets into trouble.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use cardlift_contract::InMemory;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::api_key::{
    ApiKey, ApiKeyId, KeyDigest, KeyOfAccount, KeyUse, NewApiKey, Rehash,
};
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::ports::{ApiKeyStore, Readiness, StoreError, StoreErrorKind};
use cardlift_core::sealed::SealedSecret;

/// A database that is in trouble when it is told to be.
pub(crate) struct Troubled {
    stores: Arc<InMemory>,
    trouble: Mutex<Option<StoreErrorKind>>,
    met: AtomicUsize,
}

impl Troubled {
    /// These, which are in no trouble yet.
    pub(crate) fn new(stores: Arc<InMemory>) -> Self {
        Self { stores, trouble: Mutex::default(), met: AtomicUsize::new(0) }
    }

    /// It is in trouble of this kind from now on.
    pub(crate) fn is_in(&self, trouble: StoreErrorKind) {
        *self.trouble.lock().expect("no panic") = Some(trouble);
    }

    /// It is in none any more.
    pub(crate) fn is_well(&self) {
        *self.trouble.lock().expect("no panic") = None;
    }

    /// How many calls met with trouble.
    pub(crate) fn met(&self) -> usize {
        self.met.load(Ordering::SeqCst)
    }

    fn meet(&self) -> Result<(), StoreError> {
        let trouble = *self.trouble.lock().expect("no panic");
        let Some(kind) = trouble else { return Ok(()) };
        self.met.fetch_add(1, Ordering::SeqCst);
        Err(StoreError::new(kind, "planted"))
    }
}

#[async_trait]
impl Readiness for Troubled {
    async fn check(&self) -> Result<(), StoreError> {
        self.meet()?;
        self.stores.check().await
    }
}

#[async_trait]
impl ApiKeyStore for Troubled {
    async fn add(&self, key: &NewApiKey) -> Result<ApiKey, StoreError> {
        self.meet()?;
        self.stores.add(key).await
    }

    async fn find_by_digest(&self, digest: &KeyDigest) -> Result<Option<KeyOfAccount>, StoreError> {
        self.meet()?;
        self.stores.find_by_digest(digest).await
    }

    async fn list_keys(
        &self,
        account: AccountId,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<ApiKey>, StoreError> {
        self.meet()?;
        self.stores.list_keys(account, order, page).await
    }

    async fn revoke(
        &self,
        account: AccountId,
        id: ApiKeyId,
        at: Timestamp,
    ) -> Result<Option<ApiKey>, StoreError> {
        self.meet()?;
        self.stores.revoke(account, id, at).await
    }

    async fn adopt_hash_key(
        &self,
        sealed: &SealedSecret,
        rehash: Rehash,
    ) -> Result<SealedSecret, StoreError> {
        self.meet()?;
        self.stores.adopt_hash_key(sealed, rehash).await
    }

    async fn note_uses(&self, uses: &[KeyUse]) -> Result<(), StoreError> {
        self.meet()?;
        self.stores.note_uses(uses).await
    }
}
