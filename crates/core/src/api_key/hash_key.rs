//! What the digests of API keys are keyed with, so that a copy of them alone can't even be compared
//! with keys that somebody has.

use std::sync::Arc;

use hmac::Mac;

use super::{ApiKeySecret, KeyDigest};
use crate::mac_key::mac_key;

mac_key! {
    /// What the digests of API keys are keyed with.
    HashKey
}

/// Makes a digest that was not keyed into one that is.
pub type Rehash = Arc<dyn Fn(&KeyDigest) -> KeyDigest + Send + Sync>;

impl HashKey {
    /// What is stored of a secret: HMAC-SHA-256 of its SHA-256.
    #[must_use]
    pub fn digest(&self, secret: &ApiKeySecret) -> KeyDigest {
        self.keyed(&secret.digest())
    }

    /// The digest that is stored for one that was not keyed.
    #[must_use]
    pub fn keyed(&self, plain: &KeyDigest) -> KeyDigest {
        let keyed = self.0.clone().chain_update(plain.as_bytes()).finalize();
        KeyDigest::from_bytes(keyed.into_bytes().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> HashKey {
        HashKey::new(&vec![byte; HashKey::LENGTH].into()).expect("a key")
    }

    #[test]
    fn a_digest_needs_the_secret_and_the_key() {
        let secret = ApiKeySecret::shown("a secret");
        let digest = key(1).digest(&secret);
        assert_eq!(digest, key(1).digest(&secret));
        assert_eq!(digest, key(1).keyed(&secret.digest()));
        assert_ne!(digest, key(2).digest(&secret));
        assert_ne!(digest, key(1).digest(&ApiKeySecret::shown("another")));
        assert_ne!(digest, secret.digest());
    }

    /// The second case of RFC 4231 has a short key, which is none here; this one is our own, made with
    /// another implementation.
    #[test]
    fn it_is_hmac_with_sha_256() {
        let digest = key(0x0b).keyed(&KeyDigest::from_bytes([0xcd; 32]));
        let hex = digest.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>();
        assert_eq!(
            hex.concat(),
            "64260fd5863f65a1583a4be50fce0df246ba23ce8eb630948739449a95987f11"
        );
    }

    #[test]
    fn a_key_has_so_many_bytes_and_shows_none() {
        for wrong in [0, 31, 33] {
            assert!(HashKey::new(&vec![7; wrong].into()).is_none());
        }
        assert_eq!(format!("{:?}", key(7)), "HashKey(..)");
    }
}
