//! Master keys.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cardlift_core::ports::Entropy;
use cardlift_core::sealed::MasterKeyId;
use ring::digest::{Context, SHA256};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use thiserror::Error;

use crate::envelope::{KEY_LENGTH, Key};

/// What the id of a master key is made over besides the key, so that it can be mistaken for no other.
const DOMAIN: &[u8] = b"cardlift master key id v1\0";

/// How many bytes of the digest are its id.
const ID_BYTES: usize = 8;

/// A key that the keys of secrets are sealed under. `Debug` shows its id alone.
pub struct MasterKey {
    pub(crate) id: MasterKeyId,
    pub(crate) key: Key,
}

/// A text that is no master key. It is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a master key is 32 bytes in base64, 44 characters: `cardlift master-key new` makes one")]
pub struct InvalidMasterKey;

impl MasterKey {
    /// A new master key as text: base64 of 32 bytes.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> SecretString {
        let mut bytes = vec![0; KEY_LENGTH];
        entropy.fill(&mut bytes);
        let bytes = SecretSlice::from(bytes);
        SecretString::from(STANDARD.encode(bytes.expose_secret()))
    }

    /// Parses a master key as text.
    ///
    /// # Errors
    /// [`InvalidMasterKey`].
    pub fn parse(text: &SecretString) -> Result<Self, InvalidMasterKey> {
        let bytes = STANDARD.decode(text.expose_secret().trim()).map_err(|_| InvalidMasterKey)?;
        let bytes = SecretSlice::from(bytes);
        let id = id(bytes.expose_secret()).ok_or(InvalidMasterKey)?;
        let key = Key::new(bytes.expose_secret()).ok_or(InvalidMasterKey)?;
        Ok(Self { id, key })
    }

    /// What it is told by.
    #[must_use]
    pub const fn id(&self) -> &MasterKeyId {
        &self.id
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id)
    }
}

/// The beginning of its digest. A key is random, and can't be found by it.
fn id(bytes: &[u8]) -> Option<MasterKeyId> {
    let mut context = Context::new(&SHA256);
    context.update(DOMAIN);
    context.update(bytes);
    let digest = context.finish();
    let digits = digest.as_ref().iter().take(ID_BYTES).map(|byte| format!("{byte:02x}"));
    MasterKeyId::parse(&digits.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_told_by_an_id_that_is_not_the_key() {
        let text = STANDARD.encode([7; KEY_LENGTH]);
        assert_eq!(text.len(), 44);
        let key = MasterKey::parse(&format!(" {text}\n").into()).expect("a key");
        let same = MasterKey::parse(&text.clone().into()).expect("a key");
        assert_eq!(key.id(), same.id());
        let other = MasterKey::parse(&STANDARD.encode([8; KEY_LENGTH]).into()).expect("a key");
        assert_ne!(key.id(), other.id());
        assert!(!format!("{key:?}").contains(&text));
    }

    /// Each sealed secret names its master key by the id. Made with another implementation.
    #[test]
    fn the_id_of_a_key_stays_what_it_was() {
        let text = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        let key = MasterKey::parse(&text.into()).expect("a key");
        assert_eq!(key.id().as_str(), "657e8f8c8097c744");
    }

    #[test]
    fn what_is_no_key_is_not_repeated() {
        for wrong in ["", "hunter2", "AAAA", &STANDARD.encode([7; 31]), &STANDARD.encode([7; 33])] {
            let error = MasterKey::parse(&wrong.into()).expect_err("no key");
            assert!(wrong.is_empty() || !error.to_string().contains(wrong));
        }
    }
}
