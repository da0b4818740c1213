//! `cardlift master-key`.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use cardlift_core::ports::Stores;
use cardlift_core::use_cases::MasterKeys;
use cardlift_sealing::MasterKey;
use clap::{Args, Subcommand};
use secrecy::ExposeSecret;

use super::start;
use crate::database::Database;
use crate::failure::Failure;
use crate::master_keys;
use crate::new_file::NewFile;
use crate::settings::{
    DatabaseArgs, LogArgs, MasterKeyArgs, MasterKeySettings, parse_keys, read_keys,
};
use crate::system::SystemEntropy;

#[derive(Debug, Subcommand)]
pub(crate) enum MasterKeyCommand {
    /// Make a master key and print it, alone, on stdout; it is kept nowhere
    New,
    /// Say which master keys are at hand, and whether they open every secret
    Check(CheckCommand),
    /// Seal every secret under the first master key, while servers run
    ///
    /// Keys in a file: a new one is made and becomes the first; servers that read the file find it by
    /// themselves. Keys in the environment: put a new one before the old one, and let servers have both
    /// before this is run.
    Rotate(RotateCommand),
}

#[derive(Debug, Args)]
pub(crate) struct CheckCommand {
    #[command(flatten)]
    at_hand: AtHand,
}

#[derive(Debug, Args)]
pub(crate) struct RotateCommand {
    #[command(flatten)]
    at_hand: AtHand,
}

#[derive(Debug, Args)]
struct AtHand {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    master_key: MasterKeyArgs,
}

impl MasterKeyCommand {
    pub(crate) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        match self {
            Self::New => {
                println!("{}", MasterKey::generate(&SystemEntropy).expose_secret());
                eprintln!("Keep it away from the database, and do not lose it.");
                Ok(())
            }
            Self::Check(command) => command.run(log).await,
            Self::Rotate(command) => command.run(log).await,
        }
    }
}

impl CheckCommand {
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let (settings, stores) = self.at_hand.open(log).await?;
        let keys = MasterKeys { secrets: stores, sealer: master_keys::open(&settings)? };
        for id in ids(&settings)? {
            println!("Master key {id}");
        }
        let checked = keys.check().await?;
        println!("{} secrets, all of which can be opened.", checked.secrets);
        Ok(())
    }
}

impl RotateCommand {
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let (settings, stores) = self.at_hand.open(log).await?;
        let _alone = lock(&settings)?;
        let sealer = master_keys::open_to_seal(&settings, &stores).await?;
        let keys = MasterKeys { secrets: stores, sealer };
        // Before the file gets another key: nothing is left behind that can't be opened.
        keys.check().await?;
        if let MasterKeySettings::File(path) | MasterKeySettings::Beside(path) = &settings {
            prepend_new(path)?;
        }
        let sealer = master_keys::open(&settings)?;
        let done = MasterKeys { sealer, ..keys }.reseal().await?;
        let current = ids(&settings)?.into_iter().next().unwrap_or_default();
        println!(
            "{} secrets are sealed under {current} now; {} were before.",
            done.resealed, done.current
        );
        println!("Once every server has the new key, the old ones can be forgotten.");
        Ok(())
    }
}

impl AtHand {
    async fn open(&self, log: &LogArgs) -> Result<(MasterKeySettings, Arc<dyn Stores>), Failure> {
        let (database, settings) =
            start(log, |problems| self.master_key.parse_with(problems, &self.database))?;
        Ok((settings, Database::open_existing(&database).await?))
    }
}

/// What the keys at hand are told by, the one that seals first.
fn ids(settings: &MasterKeySettings) -> Result<Vec<String>, Failure> {
    let keys = match settings {
        MasterKeySettings::Given(keys) => parse_keys(keys.expose_secret())?,
        // It is made where it is needed first.
        MasterKeySettings::Beside(path) if !path.exists() => Vec::new(),
        MasterKeySettings::File(path) | MasterKeySettings::Beside(path) => {
            read_keys(path).map_err(Failure::because)?
        }
        MasterKeySettings::Nowhere => Vec::new(),
    };
    Ok(keys.iter().map(|key| key.id().to_string()).collect())
}

/// Nobody else writes the file until this is dropped: of two who put their own key before the old one,
/// the second would lose the first's, under which secrets are sealed by then.
fn lock(settings: &MasterKeySettings) -> Result<Option<File>, Failure> {
    let (MasterKeySettings::File(path) | MasterKeySettings::Beside(path)) = settings else {
        return Ok(None);
    };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".lock");
    let lock = File::options().create(true).append(true).open(&beside)?;
    lock.lock()?;
    Ok(Some(lock))
}

/// Writes a new key before those that are in the file.
fn prepend_new(path: &Path) -> Result<(), Failure> {
    let old = secrecy::SecretString::from(std::fs::read_to_string(path)?);
    let new = MasterKey::generate(&SystemEntropy);
    let mut file = NewFile::create(path)?;
    writeln!(file, "{}", new.expose_secret())?;
    file.write_all(old.expose_secret().as_bytes())?;
    file.finish()
}
