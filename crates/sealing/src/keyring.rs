//! The master keys that are at hand.

use std::sync::Arc;

use cardlift_core::ports::{Entropy, Sealer, SealerError};
use cardlift_core::sealed::{MasterKeyId, SealedSecret, SecretLabel};
use secrecy::{ExposeSecret, SecretSlice};

use crate::envelope::{Changed, KEY_LENGTH, Key};
use crate::master_key::MasterKey;

/// The master keys that are at hand: the first one seals, each opens what was sealed under it.
pub struct Keyring {
    keys: Vec<MasterKey>,
    entropy: Arc<dyn Entropy>,
}

impl Keyring {
    /// A keyring of these keys. Without any it seals and opens nothing.
    #[must_use]
    pub fn new(keys: Vec<MasterKey>, entropy: Arc<dyn Entropy>) -> Self {
        Self { keys, entropy }
    }

    /// The key that seals.
    #[must_use]
    pub fn current(&self) -> Option<&MasterKeyId> {
        self.keys.first().map(MasterKey::id)
    }

    fn of(&self, label: SecretLabel, id: &MasterKeyId) -> Result<&MasterKey, SealerError> {
        let key = self.keys.iter().find(|key| key.id == *id);
        key.ok_or_else(|| SealerError::NoMasterKey { label, master_key: id.clone() })
    }

    /// The bytes of a secret's own key.
    fn own_key(
        &self,
        label: SecretLabel,
        sealed: &SealedSecret,
    ) -> Result<SecretSlice<u8>, SealerError> {
        let master = self.of(label, &sealed.master_key)?;
        let opened = master.key.open(&purpose("key", label), &sealed.key);
        opened.map(SecretSlice::from).map_err(|Changed| SealerError::Changed(label))
    }

    /// Seals a secret's own key under the current master key.
    fn seal_own_key(
        &self,
        label: SecretLabel,
        own_key: &[u8],
    ) -> Result<(MasterKeyId, Vec<u8>), SealerError> {
        let master = self.keys.first().ok_or(SealerError::NoCurrentKey)?;
        let sealed = master.key.seal(&purpose("key", label), own_key, self.entropy.as_ref());
        Ok((master.id.clone(), sealed.ok_or(SealerError::NoCurrentKey)?))
    }
}

impl Sealer for Keyring {
    fn seal(&self, label: SecretLabel, secret: &[u8]) -> Result<SealedSecret, SealerError> {
        let mut bytes = vec![0; KEY_LENGTH];
        self.entropy.fill(&mut bytes);
        let own_key = SecretSlice::from(bytes);
        let (master_key, key) = self.seal_own_key(label, own_key.expose_secret())?;
        let own = Key::new(own_key.expose_secret());
        let sealed =
            own.and_then(|own| own.seal(&purpose("secret", label), secret, self.entropy.as_ref()));
        Ok(SealedSecret { master_key, key, secret: sealed.ok_or(SealerError::Changed(label))? })
    }

    fn open(
        &self,
        label: SecretLabel,
        sealed: &SealedSecret,
    ) -> Result<SecretSlice<u8>, SealerError> {
        let own_key = self.own_key(label, sealed)?;
        let own = Key::new(own_key.expose_secret()).ok_or(SealerError::Changed(label))?;
        let opened = own.open(&purpose("secret", label), &sealed.secret);
        opened.map(SecretSlice::from).map_err(|Changed| SealerError::Changed(label))
    }

    fn reseal(
        &self,
        label: SecretLabel,
        sealed: &SealedSecret,
    ) -> Result<Option<SealedSecret>, SealerError> {
        // All of it is opened, so that nothing that can't be is taken for done.
        self.open(label, sealed)?;
        if self.current() == Some(&sealed.master_key) {
            return Ok(None);
        }
        let own_key = self.own_key(label, sealed)?;
        let (master_key, key) = self.seal_own_key(label, own_key.expose_secret())?;
        Ok(Some(SealedSecret { master_key, key, secret: sealed.secret.clone() }))
    }
}

/// What a layer is sealed for: no other layer, secret or account has the same.
fn purpose(layer: &str, label: SecretLabel) -> Vec<u8> {
    let SecretLabel { account, name } = label;
    format!("cardlift sealed {layer} v1\0{account}\0{}", name.name()).into_bytes()
}

#[cfg(test)]
mod tests;
