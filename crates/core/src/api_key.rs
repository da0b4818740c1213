//! API keys: what a caller shows to act for an account.

mod end;
mod hash_key;
mod label;
mod scope;
mod secret;

pub use end::{InvalidKeyEnd, end_of_key};
pub use hash_key::{HashKey, Rehash};
pub use label::{InvalidKeyLabel, KeyLabel};
pub use scope::{InvalidScopes, Scope, Scopes};
pub use secret::{ApiKeySecret, KeyDigest};

use crate::Timestamp;
use crate::account::{Account, AccountId};
use crate::id::positive_id;

positive_id! {
    /// The id of an API key. It may be logged; the key itself may not.
    ApiKeyId
}

/// An API key as it is listed: its secret is not known any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// The account it acts for.
    pub account: AccountId,
    /// What the operator calls it.
    pub label: String,
    /// The keyed digest of its secret.
    pub digest: KeyDigest,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is good no more, if it expires.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, as far as that is written: some seconds late.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    /// Whether it is good at this time: it was not revoked, and has not expired.
    #[must_use]
    pub fn is_good(&self, at: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|expires_at| at < expires_at)
    }
}

/// An API key, and the account it acts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyOfAccount {
    /// The key.
    pub key: ApiKey,
    /// Its account.
    pub account: Account,
}

/// An API key to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApiKey {
    /// The account it acts for.
    pub account: AccountId,
    /// What the operator calls it.
    pub label: String,
    /// The keyed digest of its secret.
    pub digest: KeyDigest,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is good no more, if it expires.
    pub expires_at: Option<Timestamp>,
}

/// That a key was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUse {
    /// The account it acts for.
    pub account: AccountId,
    /// The key.
    pub key: ApiKeyId,
    /// When.
    pub at: Timestamp,
}
