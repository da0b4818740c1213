//! Idempotency keys: a caller's promise that two requests are one.

use std::fmt;

use thiserror::Error;

use crate::Timestamp;
use crate::account::AccountId;

/// The key a caller names a request by: 1 to 255 visible ASCII characters.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

/// A text that can't be an idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an idempotency key is 1 to 255 visible ASCII characters")]
pub struct InvalidIdempotencyKey;

impl IdempotencyKey {
    /// Parses a key.
    pub fn parse(key: &str) -> Result<Self, InvalidIdempotencyKey> {
        let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
        if visible && (1..=255).contains(&key.len()) {
            Ok(Self(key.to_owned()))
        } else {
            Err(InvalidIdempotencyKey)
        }
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A caller may build its keys from anything, so `Debug` shows none of it.
impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey(..)")
    }
}

/// The SHA-256 of what a request asks for: the same key with another digest is another request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestDigest(pub [u8; 32]);

/// A request that wants to be the one that is carried out under its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyClaim {
    /// Whose key it is: each account has its own.
    pub account: AccountId,
    /// The key.
    pub key: IdempotencyKey,
    /// What the request asks for.
    pub request: RequestDigest,
    /// Now. What expired before is as if it had never been.
    pub at: Timestamp,
    /// Until when the claim keeps others away, should its owner die. It is also what tells this
    /// claim from a later one of the same key, so that an owner who wakes up late writes nothing.
    pub held_until: Timestamp,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimOutcome {
    /// The request is to be carried out, and its reply stored or the claim released.
    Granted,
    /// The request was carried out before: this is the reply.
    Replay(StoredReply),
    /// The same request is being carried out right now.
    InProgress,
    /// The key belongs to a request that asks for something else.
    OtherRequest,
}

/// The reply to a request, kept to be given again.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredReply {
    /// The HTTP status.
    pub status: u16,
    /// The body, byte for byte.
    pub body: Vec<u8>,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

/// The body holds personal data, so `Debug` shows its length alone.
impl fmt::Debug for StoredReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredReply({}, {} bytes, {})", self.status, self.body.len(), self.expires_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_visible_ascii_of_bounded_length() {
        assert!(IdempotencyKey::parse("3f1c-ü").is_err());
        assert!(IdempotencyKey::parse("").is_err());
        assert!(IdempotencyKey::parse("a b").is_err());
        assert!(IdempotencyKey::parse(&"k".repeat(256)).is_err());
        assert_eq!(IdempotencyKey::parse("3f1c").map(|k| k.as_str().to_owned()), Ok("3f1c".into()));
    }
}
