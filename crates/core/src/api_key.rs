//! API keys: what a caller shows to act for an account.

mod secret;

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
    /// The SHA-256 of its secret.
    pub digest: KeyDigest,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
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
    /// The SHA-256 of its secret.
    pub digest: KeyDigest,
    /// When it was made.
    pub created_at: Timestamp,
}
