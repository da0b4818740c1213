//! Settings of the database.

use std::path::{Path, PathBuf};
use std::time::Duration;

use cardlift_postgres::Merge;
use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use super::Problems;
use super::parse::{number, on, seconds};

/// The file of a machine on which nothing is set.
const DEFAULT_URL: &str = "sqlite:cardlift.db";

#[derive(Debug, Args)]
#[expect(clippy::struct_field_names, reason = "a field is named as its flag is")]
pub(crate) struct DatabaseArgs {
    /// postgres://USER:PASSWORD@HOST:PORT/DATABASE, or sqlite:PATH [default: sqlite:cardlift.db]
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database_url: Option<SecretString>,
    /// How many connections to the database there are at most
    #[arg(long, env = "CARDLIFT_DATABASE_CONNECTIONS", value_name = "COUNT", default_value = "16")]
    database_connections: String,
    /// How long one call of the database may take
    #[arg(long, env = "CARDLIFT_DATABASE_TIMEOUT", value_name = "SECONDS", default_value = "10")]
    database_timeout: String,
    /// Whether imports at the same time are written together: on or off
    #[arg(long, env = "CARDLIFT_DATABASE_MERGE", value_name = "on|off", default_value = "on")]
    database_merge: String,
}

/// Which database, and how it is used.
#[derive(Debug, Clone)]
pub(crate) struct DatabaseSettings {
    pub(crate) url: DatabaseUrl,
    pub(crate) connections: usize,
    pub(crate) timeout: Duration,
    pub(crate) merge: Merge,
}

/// Which database.
#[derive(Debug, Clone)]
pub(crate) enum DatabaseUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A Postgres server, by its URL.
    Postgres(SecretString),
}

impl DatabaseUrl {
    /// Whether it can have nothing in it yet, for it is a file that is not there.
    pub(crate) fn is_new(&self) -> bool {
        matches!(self, Self::Sqlite(path) if !path.exists())
    }

    /// The file, where it is one that is not there yet, in a folder that is.
    pub(crate) fn missing_file(&self) -> Option<&Path> {
        let Self::Sqlite(path) = self else { return None };
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        let can_be_made = folder.is_none_or(Path::is_dir);
        (can_be_made && !path.exists()).then_some(path)
    }
}

impl DatabaseArgs {
    /// Whether a database was named, rather than left to the default.
    pub(crate) fn is_named(&self) -> bool {
        self.given_url().is_some()
    }

    pub(crate) fn parse(&self, problems: &mut Problems) -> Option<DatabaseSettings> {
        let url = parse_url(self.given_url().unwrap_or(DEFAULT_URL));
        let url = problems.take("DATABASE_URL", url);
        let connections = number(&self.database_connections, 1, 1_000);
        let connections = problems.take("CARDLIFT_DATABASE_CONNECTIONS", connections);
        let timeout = seconds(&self.database_timeout);
        let timeout = problems.take("CARDLIFT_DATABASE_TIMEOUT", timeout);
        let merge = problems.take("CARDLIFT_DATABASE_MERGE", on(&self.database_merge));
        let merge = merge.map(|on| if on { Merge::Concurrent } else { Merge::Never });
        let connections = connections?.into();
        Some(DatabaseSettings { url: url?, connections, timeout: timeout?, merge: merge? })
    }

    fn given_url(&self) -> Option<&str> {
        super::parse::given(self.database_url.as_ref().map(ExposeSecret::expose_secret))
    }
}

fn parse_url(url: &str) -> Result<DatabaseUrl, &'static str> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(DatabaseUrl::Postgres(url.into()));
    }
    match url.strip_prefix("sqlite:") {
        None => Err("must start with postgres:// or sqlite:"),
        Some("" | ":memory:") => Err("sqlite: must be followed by the path of a file"),
        Some(path) => Ok(DatabaseUrl::Sqlite(path.strip_prefix("//").unwrap_or(path).into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_path_may_have_slashes_before_it() {
        for (url, expected) in [
            ("sqlite:cardlift.db", "cardlift.db"),
            ("sqlite:/var/lib/cardlift.db", "/var/lib/cardlift.db"),
            ("sqlite://cardlift.db", "cardlift.db"),
            ("sqlite:///var/lib/cardlift.db", "/var/lib/cardlift.db"),
        ] {
            let Ok(DatabaseUrl::Sqlite(path)) = parse_url(url) else { panic!("{url}") };
            assert_eq!(path, PathBuf::from(expected));
        }
    }

    #[test]
    fn a_url_of_another_kind_is_refused() {
        for url in ["mysql://a@b/c", "cardlift.db", "sqlite:", "sqlite::memory:"] {
            assert!(parse_url(url).is_err(), "{url}");
        }
    }
}
