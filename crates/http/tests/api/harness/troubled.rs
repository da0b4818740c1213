//! A database in trouble.

use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::api_key::{
    ApiKey, ApiKeyId, KeyDigest, KeyOfAccount, KeyUse, NewApiKey, Rehash,
};
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::ports::{ApiKeyStore, Readiness, StoreError, StoreErrorKind};
use cardlift_core::sealed::SealedSecret;

/// A database in trouble of this kind.
pub(crate) struct Troubled(pub(crate) StoreErrorKind);

impl Troubled {
    fn fail<T>(&self) -> Result<T, StoreError> {
        Err(StoreError::new(self.0, "planted"))
    }
}

#[async_trait]
impl Readiness for Troubled {
    async fn check(&self) -> Result<(), StoreError> {
        self.fail()
    }
}

#[async_trait]
impl ApiKeyStore for Troubled {
    async fn add(&self, _: &NewApiKey) -> Result<ApiKey, StoreError> {
        self.fail()
    }

    async fn find_by_digest(&self, _: &KeyDigest) -> Result<Option<KeyOfAccount>, StoreError> {
        self.fail()
    }

    async fn list_keys(
        &self,
        _: AccountId,
        _: SortOrder,
        _: PageRequest,
    ) -> Result<Page<ApiKey>, StoreError> {
        self.fail()
    }

    async fn revoke(
        &self,
        _: AccountId,
        _: ApiKeyId,
        _: Timestamp,
    ) -> Result<Option<ApiKey>, StoreError> {
        self.fail()
    }

    async fn adopt_hash_key(
        &self,
        _: &SealedSecret,
        _: Rehash,
    ) -> Result<SealedSecret, StoreError> {
        self.fail()
    }

    async fn note_uses(&self, _: &[KeyUse]) -> Result<(), StoreError> {
        self.fail()
    }
}
