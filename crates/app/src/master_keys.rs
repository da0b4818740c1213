//! The master keys, wherever they are kept.

mod missing;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use cardlift_core::api_key::HashKey;
use cardlift_core::ports::{SealedSecretStore, Sealer, SealerError, Stores};
use cardlift_core::sealed::{SealedSecret, SecretLabel};
use cardlift_core::use_cases::{ChainKeys, HashKeys};
use cardlift_sealing::{Keyring, MasterKey};
use secrecy::{ExposeSecret, SecretSlice};

pub(crate) use self::missing::{NOWHERE, what_to_do};
use crate::failure::Failure;
use crate::settings::{MasterKeySettings, parse_keys, read_keys};
use crate::system::SystemEntropy;

/// Opens them as they are: where there are none, nothing can be sealed.
pub(crate) fn open(settings: &MasterKeySettings) -> Result<Arc<dyn Sealer>, Failure> {
    Ok(match settings {
        MasterKeySettings::Given(keys) => Arc::new(keyring(parse_keys(keys.expose_secret())?)),
        MasterKeySettings::File(path) => Arc::new(FileKeyring::open(path)?),
        MasterKeySettings::Beside(path) if path.exists() => Arc::new(FileKeyring::open(path)?),
        MasterKeySettings::Beside(_) | MasterKeySettings::Nowhere => Arc::new(keyring(Vec::new())),
    })
}

/// The same for a command that seals. The file beside a database is made where nothing is sealed yet.
pub(crate) async fn open_to_seal(
    settings: &MasterKeySettings,
    stores: &Arc<dyn Stores>,
) -> Result<Arc<dyn Sealer>, Failure> {
    if matches!(settings, MasterKeySettings::Nowhere) {
        return Err(Failure::setting("CARDLIFT_MASTER_KEY", NOWHERE));
    }
    if let MasterKeySettings::Beside(path) = settings
        && !path.exists()
        && SealedSecretStore::list_sealed(stores.as_ref(), None).await?.is_empty()
    {
        make(path)?;
    }
    open(settings)
}

/// What the digests of API keys are keyed with; made where there is none.
pub(crate) async fn hash_key(
    sealer: Arc<dyn Sealer>,
    stores: &Arc<dyn Stores>,
) -> Result<HashKey, Failure> {
    let entropy = Arc::new(SystemEntropy);
    let (secrets, keys) = (stores.clone(), stores.clone());
    let opened = HashKeys { secrets, keys, sealer, entropy }.open().await?;
    if opened.rehashed > 0 {
        let keys = opened.rehashed;
        tracing::warn!(keys, "API keys were hashed anew: older servers know them no more");
    }
    Ok(opened.hash)
}

/// What opens the key that the audit trail is sealed with.
pub(crate) fn chain_keys(sealer: Arc<dyn Sealer>, stores: &Arc<dyn Stores>) -> ChainKeys {
    let (secrets, trail) = (stores.clone(), stores.clone());
    ChainKeys { secrets, trail, sealer, entropy: Arc::new(SystemEntropy) }
}

/// Makes the file, for its owner alone. Of processes at once, one makes it.
fn make(path: &Path) -> Result<(), Failure> {
    let mut file =
        tempfile::NamedTempFile::new_in(folder(path)).map_err(|error| unwritable(path, &error))?;
    let key = MasterKey::generate(&SystemEntropy);
    writeln!(file, "{}", key.expose_secret())
        .and_then(|()| file.as_file().sync_all())
        .map_err(|error| unwritable(path, &error))?;
    match file.persist_noclobber(path) {
        Ok(_) => {
            tracing::info!(path = %path.display(), "made a master key");
            Ok(())
        }
        Err(_) if path.exists() => Ok(()),
        Err(failed) => Err(unwritable(path, &failed.error)),
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::because(format!("the master key can't be written to {}: {error}", path.display()))
}

fn keyring(keys: Vec<MasterKey>) -> Keyring {
    Keyring::new(keys, Arc::new(SystemEntropy))
}

/// The keys in a file, which is read again where a secret is sealed under a key that was not in it.
struct FileKeyring {
    path: PathBuf,
    keyring: RwLock<Arc<Keyring>>,
}

impl FileKeyring {
    fn open(path: &Path) -> Result<Self, Failure> {
        let keys = read_keys(path).map_err(Failure::because)?;
        Ok(Self { path: path.to_owned(), keyring: RwLock::new(Arc::new(keyring(keys))) })
    }

    fn current(&self) -> Arc<Keyring> {
        self.keyring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Does it with the keys that there are; with those that are in the file now, where one is missing.
    fn with<T>(&self, work: impl Fn(&Keyring) -> Result<T, SealerError>) -> Result<T, SealerError> {
        match work(&self.current()) {
            Err(SealerError::NoMasterKey { .. }) => {}
            done => return done,
        }
        match read_keys(&self.path) {
            Ok(keys) => {
                let read = Arc::new(keyring(keys));
                *self.keyring.write().unwrap_or_else(PoisonError::into_inner) = read;
            }
            Err(error) => tracing::warn!(error, "the master keys could not be read again"),
        }
        work(&self.current())
    }
}

impl Sealer for FileKeyring {
    fn seal(&self, label: SecretLabel, secret: &[u8]) -> Result<SealedSecret, SealerError> {
        self.with(|keyring| keyring.seal(label, secret))
    }

    fn open(
        &self,
        label: SecretLabel,
        sealed: &SealedSecret,
    ) -> Result<SecretSlice<u8>, SealerError> {
        self.with(|keyring| keyring.open(label, sealed))
    }

    fn reseal(
        &self,
        label: SecretLabel,
        sealed: &SealedSecret,
    ) -> Result<Option<SealedSecret>, SealerError> {
        self.with(|keyring| keyring.reseal(label, sealed))
    }
}
