//! A database that gets into trouble.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

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
use tokio::time::sleep;

/// What a database does that is in trouble.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trouble {
    /// Each call fails so.
    Fails(StoreErrorKind),
    /// Each call takes so long.
    Slow(Duration),
}

/// A database that is in trouble when it is told to be.
pub(crate) struct Troubled {
    stores: Arc<InMemory>,
    trouble: Mutex<Option<Trouble>>,
    met: AtomicUsize,
}

impl Troubled {
    /// These, which are in no trouble yet.
    pub(crate) fn new(stores: Arc<InMemory>) -> Self {
        Self { stores, trouble: Mutex::default(), met: AtomicUsize::new(0) }
    }

    /// It is in this trouble from now on.
    pub(crate) fn is_in(&self, trouble: Trouble) {
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

    async fn meet(&self) -> Result<(), StoreError> {
        let trouble = *self.trouble.lock().expect("no panic");
        let Some(trouble) = trouble else { return Ok(()) };
        self.met.fetch_add(1, Ordering::SeqCst);
        match trouble {
            Trouble::Fails(kind) => Err(StoreError::new(kind, "planted")),
            Trouble::Slow(time) => {
                sleep(time).await;
                Ok(())
            }
        }
    }
}

#[async_trait]
impl Readiness for Troubled {
    async fn check(&self) -> Result<(), StoreError> {
        self.meet().await?;
        self.stores.check().await
    }
}

#[async_trait]
impl ApiKeyStore for Troubled {
    async fn add(&self, key: &NewApiKey) -> Result<ApiKey, StoreError> {
        self.meet().await?;
        self.stores.add(key).await
    }

    async fn find_by_digest(&self, digest: &KeyDigest) -> Result<Option<KeyOfAccount>, StoreError> {
        self.meet().await?;
        self.stores.find_by_digest(digest).await
    }

    async fn list_keys(
        &self,
        account: AccountId,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<ApiKey>, StoreError> {
        self.meet().await?;
        self.stores.list_keys(account, order, page).await
    }

    async fn revoke(
        &self,
        account: AccountId,
        id: ApiKeyId,
        at: Timestamp,
    ) -> Result<Option<ApiKey>, StoreError> {
        self.meet().await?;
        self.stores.revoke(account, id, at).await
    }

    async fn adopt_hash_key(
        &self,
        sealed: &SealedSecret,
        rehash: Rehash,
    ) -> Result<SealedSecret, StoreError> {
        self.meet().await?;
        self.stores.adopt_hash_key(sealed, rehash).await
    }

    async fn note_uses(&self, uses: &[KeyUse]) -> Result<(), StoreError> {
        self.meet().await?;
        self.stores.note_uses(uses).await
    }
}
