//! What the digests of API keys are keyed with, so that a copy of them alone can't even be compared
//! with keys that somebody has.

use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;

use super::{ApiKeySecret, KeyDigest};
use crate::ports::Entropy;

/// What the digests of API keys are keyed with. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct HashKey(Hmac<Sha256>);

/// Makes a digest that was not keyed into one that is.
pub type Rehash = Arc<dyn Fn(&KeyDigest) -> KeyDigest + Send + Sync>;

impl HashKey {
    /// Bytes of it.
    pub const LENGTH: usize = 32;

    /// The bytes of a new one.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> SecretSlice<u8> {
        let mut bytes = vec![0; Self::LENGTH];
        entropy.fill(&mut bytes);
        bytes.into()
    }

    /// The one of these bytes, where they are as many as it has.
    #[must_use]
    pub fn new(bytes: &SecretSlice<u8>) -> Option<Self> {
        let bytes = bytes.expose_secret();
        let key = (bytes.len() == Self::LENGTH).then(|| Hmac::new_from_slice(bytes).ok());
        key.flatten().map(Self)
    }

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

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(..)")
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
