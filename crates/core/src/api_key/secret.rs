//! The secret half of an API key.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::ports::Entropy;

const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Letters and digits in a secret that we make.
const LENGTH: usize = 64;

/// What a digest is made over besides the secret, so that it can be mistaken for no other.
const DOMAIN: &[u8] = b"cardlift api key v1\0";

/// The secret of an API key: 64 letters and digits (381 bits) where we made it.
///
/// It is wiped from memory when dropped, and `Debug` shows nothing of it.
#[derive(Debug, Clone)]
pub struct ApiKeySecret(SecretString);

impl ApiKeySecret {
    /// A secret that a caller showed. Whether it is one of ours the store knows.
    #[must_use]
    pub fn shown(secret: &str) -> Self {
        Self(SecretString::from(secret))
    }

    /// Makes a new secret. Each letter is equally likely: bytes that would favour some are skipped.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut secret = String::with_capacity(LENGTH);
        let mut bytes = [0_u8; LENGTH];
        while secret.len() < LENGTH {
            entropy.fill(&mut bytes);
            let fair = bytes.iter().filter(|byte| **byte < 248).map(|byte| usize::from(byte % 62));
            let letters = fair.filter_map(|index| ALPHABET.get(index)).copied().map(char::from);
            secret.extend(letters.take(LENGTH - secret.len()));
        }
        Self(SecretString::from(secret))
    }

    /// The key as it is handed to the caller: base64 of `0:` and the secret, 88 characters.
    #[must_use]
    pub fn issued(&self) -> SecretString {
        SecretString::from(STANDARD.encode(format!("0:{}", self.0.expose_secret())))
    }

    /// Its SHA-256, from which the digest is made that is stored. A fast hash is enough for 381 random
    /// bits.
    #[must_use]
    pub fn digest(&self) -> KeyDigest {
        let secret = self.0.expose_secret().as_bytes();
        KeyDigest(Sha256::new().chain_update(DOMAIN).chain_update(secret).finalize().into())
    }
}

/// A digest of a secret: its SHA-256, or as it is stored, the HMAC of that under a
/// [`HashKey`](super::HashKey). Two are compared in constant time.
#[derive(Clone, Copy)]
pub struct KeyDigest([u8; 32]);

impl KeyDigest {
    /// A digest that was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for KeyDigest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for KeyDigest {}

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyDigest(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    /// Every byte value in turn, the unfair ones too.
    struct Counter(AtomicU8);

    impl Entropy for Counter {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.0.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn an_issued_key_has_the_documented_form() {
        let secret = ApiKeySecret::generate(&Counter(AtomicU8::new(200)));
        let issued = secret.issued();
        let issued = issued.expose_secret();
        assert_eq!(issued.len(), 88);
        let decoded = String::from_utf8(STANDARD.decode(issued).expect("base64")).expect("text");
        let inner = decoded.strip_prefix("0:").expect("the prefix");
        assert_eq!(inner.len(), 64);
        assert!(inner.chars().all(|c| c.is_ascii_alphanumeric()));
        assert_eq!(ApiKeySecret::shown(inner).digest(), secret.digest());
    }

    #[test]
    fn bytes_that_would_favour_some_letters_are_skipped() {
        let secret = ApiKeySecret::generate(&Counter(AtomicU8::new(246)));
        // 246 and 247 are fair, 248 to 255 are skipped, then it goes on from 0.
        assert!(secret.0.expose_secret().starts_with("89ABC"));
    }

    /// Each stored key is found by it. Made with another implementation.
    #[test]
    fn the_digest_of_a_secret_stays_what_it_was() {
        let digest = ApiKeySecret::shown("a secret").digest();
        let hex = digest.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>();
        assert_eq!(
            hex.concat(),
            "36e1d545a8532e3a1736ad19181ed66d56e68703f38a23497adf52d7b335752f"
        );
    }

    #[test]
    fn debug_shows_no_secret() {
        let secret = ApiKeySecret::shown("hunter2");
        assert!(!format!("{secret:?} {:?}", secret.digest()).contains("hunter2"));
    }
}
