//! Bringing the tables up to date.

use diesel::sql_types::BigInt;
use diesel_async::pooled_connection::deadpool::{Object, PoolError};
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use thiserror::Error;

use crate::Postgres;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The number of the advisory lock that is held while tables change: "cardlift" in ASCII.
const LOCK: i64 = 0x6361_7264_6c69_6674;

/// The tables could not be brought up to date. The migrations before the one that failed stand.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// There was no connection to be had.
    #[error("no connection to Postgres")]
    Connection(#[from] PoolError),
    /// A migration failed.
    #[error("the tables could not be brought up to date: {0}")]
    Migration(String),
}

type Harness = AsyncMigrationHarness<Object<AsyncPgConnection>>;

impl Postgres {
    /// Runs the migrations that have not run yet, and names them.
    ///
    /// Safe to call from any number of processes at once: one migrates, the others wait for it.
    ///
    /// # Errors
    /// Each kind of [`MigrateError`].
    pub async fn migrate(&self) -> Result<Vec<String>, MigrateError> {
        self.locked(|harness| {
            let pending = names(harness)?;
            harness.run_pending_migrations(MIGRATIONS)?;
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
        self.locked(|harness| harness.revert_all_migrations(MIGRATIONS).map(|_| ())).await
    }

    /// Runs this on a connection of its own that holds the lock. The connection is not used
    /// again, so that the lock and the settings go with it, whatever happens.
    async fn locked<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Harness) -> diesel::migration::Result<T> + Send + 'static,
    ) -> Result<T, MigrateError> {
        let failed = |error: &dyn std::fmt::Display| MigrateError::Migration(error.to_string());
        let mut connection = self.raw_connection().await?;
        // Waiting for another process and changing a large table both take their time.
        let wait = diesel::sql_query("SET statement_timeout = 0").execute(&mut connection).await;
        wait.map_err(|error| failed(&error))?;
        let lock = diesel::sql_query("SELECT pg_advisory_lock($1)").bind::<BigInt, _>(LOCK);
        lock.execute(&mut connection).await.map_err(|error| failed(&error))?;
        // The harness blocks, and would block a runtime of one thread for good.
        let done = tokio::task::spawn_blocking(move || {
            let mut harness = Harness::new(connection);
            let done = work(&mut harness).map_err(|error| error.to_string());
            drop(Object::take(harness.into_inner()));
            done
        });
        done.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
    }
}

/// The names of the migrations that have not run yet.
fn names(harness: &mut Harness) -> diesel::migration::Result<Vec<String>> {
    let pending = harness.pending_migrations(MIGRATIONS)?;
    Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
}
