//! Use case: have what the digests of API keys are keyed with.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::ExposeSecret;

use super::MasterKeyError;
use crate::api_key::HashKey;
use crate::ports::{ApiKeyStore, Entropy, SealedSecretStore, Sealer, SealerError};
use crate::sealed::{SealedSecret, SecretLabel};

/// Opens what the digests of API keys are keyed with; makes it where there is none.
#[derive(Clone)]
pub struct HashKeys {
    /// Where it is kept.
    pub secrets: Arc<dyn SealedSecretStore>,
    /// The keys whose digests are keyed with it.
    pub keys: Arc<dyn ApiKeyStore>,
    /// What seals it.
    pub sealer: Arc<dyn Sealer>,
    /// What it is made of.
    pub entropy: Arc<dyn Entropy>,
}

/// What the digests of API keys are keyed with, and what had to be done for it.
#[derive(Debug)]
pub struct OpenedHashKey {
    /// What they are keyed with.
    pub hash: HashKey,
    /// How many keys from before got a keyed digest.
    pub rehashed: usize,
}

impl HashKeys {
    /// Opens it. Where it is made, keys from before get keyed digests.
    ///
    /// # Errors
    /// Each kind of [`MasterKeyError`].
    pub async fn open(&self) -> Result<OpenedHashKey, MasterKeyError> {
        let label = SecretLabel::API_KEY_HASH;
        let there = self.secrets.sealed(label).await?;
        let (sealed, rehashed) =
            if let Some(there) = there { (there, 0) } else { self.make().await? };
        let opened = self.sealer.open(label, &sealed)?;
        let hash = HashKey::new(&opened).ok_or(SealerError::Changed(label))?;
        Ok(OpenedHashKey { hash, rehashed })
    }

    /// The one that there is then, and how many keys were hashed anew: of those who make one at once,
    /// one is faster.
    async fn make(&self) -> Result<(SealedSecret, usize), MasterKeyError> {
        let label = SecretLabel::API_KEY_HASH;
        let bytes = HashKey::generate(self.entropy.as_ref());
        let hash = HashKey::new(&bytes).ok_or(SealerError::Changed(label))?;
        let sealed = self.sealer.seal(label, bytes.expose_secret())?;
        let rehashed = Arc::new(AtomicUsize::new(0));
        let counted = rehashed.clone();
        let rehash = Arc::new(move |plain: &_| {
            counted.fetch_add(1, Ordering::Relaxed);
            hash.keyed(plain)
        });
        let there = self.keys.adopt_hash_key(&sealed, rehash).await?;
        Ok((there, rehashed.load(Ordering::Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use mockall::predicate::eq;
    use secrecy::SecretSlice;

    use super::*;
    use crate::api_key::{ApiKeySecret, Rehash};
    use crate::ports::{MockApiKeyStore, MockEntropy, MockSealedSecretStore, MockSealer};
    use crate::sealed::MasterKeyId;

    const LABEL: SecretLabel = SecretLabel::API_KEY_HASH;

    fn sealed(byte: u8) -> SealedSecret {
        let master_key = MasterKeyId::parse("0123456789abcdef").expect("an id");
        SealedSecret { master_key, key: vec![byte], secret: vec![byte] }
    }

    fn bytes(byte: u8) -> SecretSlice<u8> {
        vec![byte; HashKey::LENGTH].into()
    }

    /// What opens as this many of this byte.
    async fn open(
        there: Option<SealedSecret>,
        keys: MockApiKeyStore,
        opened: SecretSlice<u8>,
    ) -> Result<OpenedHashKey, MasterKeyError> {
        let mut secrets = MockSealedSecretStore::new();
        secrets.expect_sealed().with(eq(LABEL)).once().return_once(|_| Ok(there));
        let mut sealer = MockSealer::new();
        sealer.expect_seal().returning(|_, secret| Ok(sealed(secret[0])));
        sealer.expect_open().with(eq(LABEL), eq(sealed(1))).return_once(|_, _| Ok(opened));
        let mut entropy = MockEntropy::new();
        entropy.expect_fill().returning(|bytes| bytes.fill(9));
        let (secrets, keys, sealer) = (Arc::new(secrets), Arc::new(keys), Arc::new(sealer));
        HashKeys { secrets, keys, sealer, entropy: Arc::new(entropy) }.open().await
    }

    fn digest(hash: &HashKey) -> [u8; 32] {
        *hash.digest(&ApiKeySecret::shown("a secret")).as_bytes()
    }

    #[tokio::test]
    async fn the_one_that_there_is_is_opened() {
        let opened = open(Some(sealed(1)), MockApiKeyStore::new(), bytes(1)).await.expect("opened");
        assert_eq!(digest(&opened.hash), digest(&HashKey::new(&bytes(1)).expect("a key")));
        assert_eq!(opened.rehashed, 0);
    }

    #[tokio::test]
    async fn one_is_made_and_the_keys_that_there_are_get_keyed_digests() {
        let mut keys = MockApiKeyStore::new();
        keys.expect_adopt_hash_key().once().return_once(|offered, rehash: Rehash| {
            assert_eq!(*offered, sealed(9));
            let plain = ApiKeySecret::shown("a secret").digest();
            let made = HashKey::new(&bytes(9)).expect("a key");
            assert_eq!(rehash(&plain), made.keyed(&plain));
            // Another process was faster.
            Ok(sealed(1))
        });
        let opened = open(None, keys, bytes(1)).await.expect("opened");
        assert_eq!(opened.rehashed, 1);
        assert_eq!(digest(&opened.hash), digest(&HashKey::new(&bytes(1)).expect("a key")));
    }

    #[tokio::test]
    async fn what_is_none_is_not_used() {
        let error = open(Some(sealed(1)), MockApiKeyStore::new(), vec![1; 5].into()).await;
        let error = error.expect_err("too short");
        assert!(matches!(error, MasterKeyError::Sealer(SealerError::Changed(LABEL))));
    }
}
