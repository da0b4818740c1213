//! One layer of sealing: a nonce, what is sealed, and the tag of both and of what it is for.

use cardlift_core::ports::Entropy;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

/// Bytes of a key.
pub(crate) const KEY_LENGTH: usize = 32;

/// A key that seals and opens.
pub(crate) struct Key(LessSafeKey);

/// What was to be opened was changed, or sealed under another key or for something else.
#[derive(Debug)]
pub(crate) struct Changed;

impl Key {
    /// The key of these bytes, where they are as many as a key has.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        UnboundKey::new(&CHACHA20_POLY1305, bytes).ok().map(|key| Self(LessSafeKey::new(key)))
    }

    /// Seals it for this purpose. Nonces are random: of 2^32 seals under one key, two have the same with
    /// a chance of one in 2^33, and a master key seals once for each secret that is set.
    ///
    /// `None` where it is longer than can be sealed: 256 GiB.
    pub(crate) fn seal(
        &self,
        purpose: &[u8],
        plain: &[u8],
        entropy: &dyn Entropy,
    ) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        entropy.fill(&mut nonce);
        let mut sealed = nonce.to_vec();
        let mut text = plain.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        self.0.seal_in_place_append_tag(nonce, Aad::from(purpose), &mut text).ok()?;
        sealed.append(&mut text);
        Some(sealed)
    }

    /// Opens what was sealed for this purpose.
    pub(crate) fn open(&self, purpose: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Changed> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN).ok_or(Changed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Changed)?;
        let mut text = text.to_vec();
        let plain = self.0.open_in_place(nonce, Aad::from(purpose), &mut text);
        let length = plain.map_err(|_| Changed)?.len();
        text.truncate(length);
        Ok(text)
    }
}
