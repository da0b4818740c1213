//! The databases the program runs on.

use cardlift_throwaway_postgres::TestDatabase;
use tempfile::TempDir;

/// An empty database: the program makes its own tables. Gone when dropped.
#[derive(Debug)]
pub enum Backend {
    /// A SQLite file in a folder of its own.
    Sqlite(TempDir),
    /// A database on a Postgres server.
    Postgres(TestDatabase),
}

impl Backend {
    /// A new SQLite file.
    #[must_use]
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A new database in Postgres.
    pub async fn postgres() -> Self {
        let empty = |_url: String| async { Ok::<(), std::convert::Infallible>(()) };
        let database = cardlift_throwaway_postgres::database("empty", empty).await;
        Self::Postgres(database.unwrap_or_else(|error| panic!("{error}")))
    }

    /// What `DATABASE_URL` is set to.
    #[must_use]
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => {
                format!("sqlite:{}", folder.path().join("cardlift.db").display())
            }
            Self::Postgres(database) => database.url().to_owned(),
        }
    }
}
