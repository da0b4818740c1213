//! Settings of the master key.

use std::path::{Path, PathBuf};

use cardlift_sealing::{InvalidMasterKey, MasterKey};
use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use super::parse::given;
use super::{DatabaseArgs, DatabaseSettings, DatabaseUrl, Problems};

/// What the file of a machine on which nothing is set is called: as the database, and this.
const SUFFIX: &str = ".master-key";

#[derive(Debug, Args)]
pub(crate) struct MasterKeyArgs {
    /// The master key that secrets are sealed under; older ones after it, which open what is still
    /// sealed under them. Set it in the environment, where no other user of the machine sees it
    #[arg(long, env = "CARDLIFT_MASTER_KEY", value_name = "KEY", hide_env_values = true)]
    master_key: Option<SecretString>,
    /// The file that has them, one a line [default: the SQLite file's name and .master-key]
    #[arg(long, env = "CARDLIFT_MASTER_KEY_FILE", value_name = "FILE")]
    master_key_file: Option<PathBuf>,
}

/// Where the master keys are.
#[derive(Debug, Clone)]
pub(crate) enum MasterKeySettings {
    /// Here: the one that seals, and older ones.
    Given(SecretString),
    /// In this file, which has to be there.
    File(PathBuf),
    /// In this file beside the database, which is made where it is needed first.
    Beside(PathBuf),
    /// Nowhere.
    Nowhere,
}

impl MasterKeyArgs {
    /// The settings of a command that needs a database and what its secrets are sealed under.
    pub(crate) fn parse_with(
        &self,
        problems: &mut Problems,
        database: &DatabaseArgs,
    ) -> Option<(DatabaseSettings, MasterKeySettings)> {
        let database = database.parse(problems);
        let settings = self.parse(problems, database.as_ref().map(|database| &database.url));
        database.zip(settings)
    }

    /// The settings, for this database.
    pub(crate) fn parse(
        &self,
        problems: &mut Problems,
        database: Option<&DatabaseUrl>,
    ) -> Option<MasterKeySettings> {
        let here = given(self.master_key.as_ref().map(ExposeSecret::expose_secret));
        let file = self.master_key_file.as_deref().filter(|path| !path.as_os_str().is_empty());
        match (here, file) {
            (Some(_), Some(_)) => {
                problems.add("CARDLIFT_MASTER_KEY_FILE", "is set, and so is CARDLIFT_MASTER_KEY");
                None
            }
            (Some(keys), None) => {
                problems.take("CARDLIFT_MASTER_KEY", parse_keys(keys))?;
                Some(MasterKeySettings::Given(keys.into()))
            }
            (None, Some(path)) => {
                problems.take("CARDLIFT_MASTER_KEY_FILE", read_keys(path))?;
                Some(MasterKeySettings::File(path.to_owned()))
            }
            (None, None) => Some(match database? {
                DatabaseUrl::Sqlite(database) => MasterKeySettings::Beside(beside(database)),
                DatabaseUrl::Postgres(_) => MasterKeySettings::Nowhere,
            }),
        }
    }
}

/// The file beside a database.
fn beside(database: &Path) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(SUFFIX);
    path.into()
}

/// The keys in a text: separated by blanks, lines or commas.
pub(crate) fn parse_keys(text: &str) -> Result<Vec<MasterKey>, InvalidMasterKey> {
    let texts = text.split(|c: char| c.is_whitespace() || c == ',').filter(|text| !text.is_empty());
    let keys = texts.map(|text| MasterKey::parse(&text.into())).collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() { Err(InvalidMasterKey) } else { Ok(keys) }
}

/// The keys in a file.
pub(crate) fn read_keys(path: &Path) -> Result<Vec<MasterKey>, String> {
    let text = std::fs::read_to_string(path).map(SecretString::from);
    let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
    parse_keys(text.expose_secret()).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const OTHER: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    #[test]
    fn keys_are_separated_by_blanks_lines_or_commas() {
        for text in
            [format!("{KEY} {OTHER}"), format!("{KEY}\n{OTHER}\n"), format!("{KEY},{OTHER}")]
        {
            let keys = parse_keys(&text).expect("keys");
            assert_eq!(keys.len(), 2, "{text}");
            assert_ne!(keys[0].id(), keys[1].id());
        }
        for wrong in ["", " \n", "hunter2", &format!("{KEY} hunter2")] {
            assert!(parse_keys(wrong).is_err());
        }
    }

    #[test]
    fn the_file_of_a_database_is_beside_it() {
        assert_eq!(
            beside(Path::new("/var/lib/cardlift.db")),
            Path::new("/var/lib/cardlift.db.master-key")
        );
    }
}
