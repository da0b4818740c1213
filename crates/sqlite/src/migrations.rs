//! Bringing the tables up to date.

use diesel::{QueryResult, SqliteConnection};
use diesel_async::pooled_connection::deadpool::PoolError;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use thiserror::Error;

use crate::Sqlite;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The tables could not be brought up to date. They are as they were.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// There was no connection to be had.
    #[error("no connection to the database file")]
    Connection(#[from] PoolError),
    /// A migration failed.
    #[error("the tables could not be brought up to date: {0}")]
    Migration(String),
}

impl Sqlite {
    /// Runs the migrations that have not run yet, all of them or none, and names them.
    ///
    /// Safe to call from any number of processes at once: the write lock is held throughout.
    ///
    /// # Errors
    /// Each kind of [`MigrateError`].
    pub async fn migrate(&self) -> Result<Vec<String>, MigrateError> {
        self.locked(|connection| {
            let pending = names(connection)?;
            connection.run_pending_migrations(MIGRATIONS)?;
            Ok(pending)
        })
        .await
    }

    /// The migrations that have not run yet.
    ///
    /// # Errors
    /// Each kind of [`MigrateError`].
    pub async fn pending_migrations(&self) -> Result<Vec<String>, MigrateError> {
        self.locked(names).await
    }

    /// Undoes every migration, the newest first: for tests.
    ///
    /// # Errors
    /// Each kind of [`MigrateError`].
    #[doc(hidden)]
    pub async fn revert_all_migrations(&self) -> Result<(), MigrateError> {
        self.locked(|connection| connection.revert_all_migrations(MIGRATIONS).map(|_| ())).await
    }

    async fn locked<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut SqliteConnection) -> diesel::migration::Result<T> + Send + 'static,
    ) -> Result<T, MigrateError> {
        let mut connection = self.writer().await?;
        let transaction = move |connection: &mut SqliteConnection| -> QueryResult<T> {
            connection.immediate_transaction(|connection| {
                work(connection).map_err(diesel::result::Error::QueryBuilderError)
            })
        };
        let done = connection.spawn_blocking(transaction).await;
        done.map_err(|error| MigrateError::Migration(error.to_string()))
    }
}

/// The names of the migrations that have not run yet.
fn names(connection: &mut SqliteConnection) -> diesel::migration::Result<Vec<String>> {
    let pending = connection.pending_migrations(MIGRATIONS)?;
    Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
}
