//! The chain of an account's batches.

use std::fmt;

use hmac::Mac;
use subtle::ConstantTimeEq;

use super::{AuditBatchDigest, AuditBatchId};
use crate::account::AccountId;
use crate::mac_key::mac_key;

/// What a link of the chain is told by: it follows from the batch and from all that are before it.
#[derive(Clone, Copy)]
pub struct AuditSeal([u8; 32]);

/// A batch's place in the chain of its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLink {
    /// Whose chain it is.
    pub account: AccountId,
    /// Its place: 1 is the first.
    pub position: i64,
    /// The batch.
    pub batch: AuditBatchId,
    /// What proves batch and place.
    pub seal: AuditSeal,
}

mac_key! {
    /// What seals are made with. It is not in the database, so whoever writes there can't make them.
    ChainKey
}

impl ChainKey {
    /// The link of this batch after another, or as the first.
    #[must_use]
    pub fn link(&self, before: Option<&AuditLink>, batch: &AuditBatchDigest) -> AuditLink {
        let position = before.map_or(1, |before| before.position.saturating_add(1));
        let seal = self.seal(before.map(|before| &before.seal), position, batch);
        AuditLink { account: batch.account, position, batch: batch.id, seal }
    }

    /// HMAC-SHA-256 of the seal before (zeroes for none), the place, and the batch's digest.
    pub(crate) fn seal(
        &self,
        before: Option<&AuditSeal>,
        position: i64,
        batch: &AuditBatchDigest,
    ) -> AuditSeal {
        let before = before.map_or([0; 32], |before| before.0);
        let mac = self.0.clone().chain_update(before).chain_update(position.to_be_bytes());
        AuditSeal(mac.chain_update(batch.as_bytes()).finalize().into_bytes().into())
    }
}

impl AuditSeal {
    /// A seal that was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The one of these hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|c| c.is_ascii_hexdigit()) {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl PartialEq for AuditSeal {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for AuditSeal {}

impl fmt::Display for AuditSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for AuditSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditSeal({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::audit::AuditBatch;

    /// What is in the databases of those who have a trail: under another seal all of it would look
    /// changed. Made with another implementation.
    #[test]
    fn the_links_of_a_chain_stay_what_they_were() {
        let key = (0..32).collect::<Vec<u8>>();
        let key = ChainKey::new(&key.into()).expect("a key");
        let created = r#"{"action":"customer.created","by":"command"}"#;
        let changed = r#"{"action":"customer.changed","by":"program"}"#;
        let batch = |id: i64, micros, subjects: &str, items: String| {
            let batch = AuditBatch {
                id: AuditBatchId::try_from(id).expect("an id"),
                account: AccountId::try_from(2).expect("an id"),
                at: Timestamp::from_timestamp_micros(micros).expect("an instant"),
                subjects: subjects.to_owned(),
                items,
            };
            batch.digest()
        };
        let both = format!("{created}\n{changed}");
        let first = key.link(None, &batch(5, 1_700_000_000_123_456, "10,11", both));
        let changed = changed.to_owned();
        let second = key.link(Some(&first), &batch(3, 1_700_000_000_123_457, "10", changed));
        assert_eq!(
            [first, second].map(|link| (link.position, link.seal.to_string())),
            [
                (1, "583412bf523f06eacd7b9d5677a1f73e07ea07ab04e54e5fd3a9c750e64116eb".to_owned()),
                (2, "aafd4c0bd7a45cec3ee070adb83d226ba35735187d1827a22144a750da828e4b".to_owned()),
            ]
        );
    }

    #[test]
    fn a_seal_is_written_in_hexadecimal_digits() {
        let seal = AuditSeal([0xa5; 32]);
        assert_eq!(seal.to_string(), "a5".repeat(32));
        assert_eq!(AuditSeal::parse(&seal.to_string()), Some(seal));
        for wrong in ["", "a5", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(AuditSeal::parse(wrong), None, "{wrong}");
        }
    }
}
