//! Port: the API keys.

use async_trait::async_trait;

use super::StoreError;
use crate::Timestamp;
use crate::account::AccountId;
use crate::api_key::{ApiKey, ApiKeyId, KeyDigest, KeyOfAccount, KeyUse, NewApiKey, Rehash};
use crate::page::{Page, PageRequest, SortOrder};
use crate::sealed::SealedSecret;

/// The API keys. No secret is ever in it.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait ApiKeyStore: Send + Sync {
    /// Adds a key. Not idempotent: each call adds one, and a digest that is there already is
    /// refused.
    ///
    /// # Errors
    /// [`StoreError`] of any kind; [`Failed`](super::StoreErrorKind::Failed) for a digest that is
    /// there, or an account that is not.
    async fn add(&self, key: &NewApiKey) -> Result<ApiKey, StoreError>;

    /// The key of this digest, whether it is good or not, and its account.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn find_by_digest(&self, digest: &KeyDigest) -> Result<Option<KeyOfAccount>, StoreError>;

    /// A page of the keys of an account, revoked ones too, in the order they were made.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn list_keys(
        &self,
        account: AccountId,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<ApiKey>, StoreError>;

    /// Revokes a key of this account and returns it; `None` where the account has no such key.
    ///
    /// Idempotent: a key that was revoked keeps the time of its first revocation.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn revoke(
        &self,
        account: AccountId,
        id: ApiKeyId,
        at: Timestamp,
    ) -> Result<Option<ApiKey>, StoreError>;

    /// Keeps what digests are keyed with, sealed, where there is none, and makes the digests of the keys
    /// that there are into keyed ones, all in one transaction; returns the one that there is then. Of
    /// callers at once, one does it, and all get the same.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn adopt_hash_key(
        &self,
        sealed: &SealedSecret,
        rehash: Rehash,
    ) -> Result<SealedSecret, StoreError>;

    /// Writes when keys were last used, all of them or none.
    ///
    /// Idempotent, in any order: the latest use of a key counts. A key that its account does not have
    /// is passed over. [`find_by_digest`](Self::find_by_digest) may not know of it for a while.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn note_uses(&self, uses: &[KeyUse]) -> Result<(), StoreError>;
}
