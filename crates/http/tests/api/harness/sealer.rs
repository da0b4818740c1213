//! What stands for master keys, Stripe's keys and randomness.

use std::sync::atomic::{AtomicU64, Ordering};

use cardlift_core::ports::{Entropy, NotAVaultKey, Sealer, SealerError, VaultKeyFormat};
use cardlift_core::sealed::{MasterKeyId, SealedSecret, SecretLabel};
use cardlift_core::vault::VaultMode;
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};

/// Seals by writing backwards.
pub(crate) struct Reversed;

/// Keys are told by how they begin.
pub(crate) struct Prefixes;

/// Bytes that do not come again for a long time.
#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Sealer for Reversed {
    fn seal(&self, _: SecretLabel, secret: &[u8]) -> Result<SealedSecret, SealerError> {
        let master_key = MasterKeyId::parse("0123456789abcdef").expect("an id");
        let secret = secret.iter().rev().copied().collect();
        Ok(SealedSecret { master_key, key: Vec::new(), secret })
    }

    fn open(&self, _: SecretLabel, sealed: &SealedSecret) -> Result<SecretSlice<u8>, SealerError> {
        Ok(sealed.secret.iter().rev().copied().collect::<Vec<_>>().into())
    }

    fn reseal(
        &self,
        _: SecretLabel,
        _: &SealedSecret,
    ) -> Result<Option<SealedSecret>, SealerError> {
        Ok(None)
    }
}

impl VaultKeyFormat for Prefixes {
    fn mode(&self, key: &SecretString) -> Result<VaultMode, NotAVaultKey> {
        match key.expose_secret() {
            key if key.starts_with("sk_live_") => Ok(VaultMode::Live),
            key if key.starts_with("sk_") => Ok(VaultMode::Test),
            _ => Err(NotAVaultKey("the Stripe API key must start with sk_".to_owned())),
        }
    }
}

impl Entropy for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let number = self.0.fetch_add(1, Ordering::Relaxed);
            [*byte, ..] = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
        }
    }
}
