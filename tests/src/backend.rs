//! The databases the program runs on.

use cardlift_throwaway_postgres::TestDatabase;
use tempfile::TempDir;

use crate::{CUSTOMERS, Finished, Run};

/// The master key on Postgres.
pub const MASTER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

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

    /// The program with these arguments, on this database.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Run {
        let run = Run::new(arguments).env("DATABASE_URL", self.url());
        match self {
            // The key is in a file beside it.
            Self::Sqlite(_) => run,
            Self::Postgres(_) => run.env("CARDLIFT_MASTER_KEY", MASTER_KEY),
        }
    }

    /// Runs `customers load` on a file with this text.
    pub async fn load(&self, text: &str) -> Finished {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("customers.csv");
        std::fs::write(&file, text).expect("a file");
        self.run(&["customers", "load", file.to_str().expect("a path in UTF-8")]).finish().await
    }

    /// Loads the customers of the documented examples.
    pub async fn load_documented(&self) {
        let loaded = self.load(CUSTOMERS).await;
        assert_eq!(loaded.code, Some(0), "{}", loaded.stderr);
    }

    /// Makes a key, and gives it as it was issued.
    pub async fn key(&self) -> String {
        self.run(&["key", "create"]).succeed().await.trim().to_owned()
    }
}
