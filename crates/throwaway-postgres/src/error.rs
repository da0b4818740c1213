//! What can go wrong.

use std::path::PathBuf;

use thiserror::Error;

/// There is no database for a test.
#[derive(Debug, Error)]
pub enum ThrowawayError {
    /// There are no server programs.
    #[error(
        "no Postgres was found to test with: install it (`apt-get install postgresql`, \
         `brew install postgresql`), set PG_BIN to the folder of its initdb, or set \
         TEST_DATABASE_URL to a server whose user may create databases"
    )]
    NoPrograms,
    /// `PG_BIN` names a folder without them.
    #[error("PG_BIN is {0}, which holds no initdb and postgres")]
    WrongPgBin(PathBuf),
    /// There is no user that the server could run as: it refuses to run as root.
    #[error("Postgres refuses to run as root, and there is neither a user postgres nor nobody")]
    NoUser,
    /// A program did not do its part.
    #[error("{what}: {output}")]
    Program {
        /// Which part.
        what: &'static str,
        /// What it wrote.
        output: String,
    },
    /// A file or a process could not be had.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// `TEST_DATABASE_URL` can't be understood.
    #[error("TEST_DATABASE_URL is no URL of a Postgres server")]
    Url,
    /// The server did not do what it was asked.
    #[error("the server: {}", chain(.0))]
    Server(#[from] tokio_postgres::Error),
    /// The template could not be made.
    #[error("the template database could not be migrated: {0}")]
    Migrate(Box<dyn std::error::Error + Send + Sync>),
}

fn chain(error: &tokio_postgres::Error) -> String {
    let causes = std::iter::successors(Some::<&dyn std::error::Error>(error), |e| e.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
