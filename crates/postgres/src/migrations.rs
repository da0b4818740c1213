//! Bringing the tables up to date.

use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::{QueryResult, QueryableByName};
use diesel_async::pooled_connection::deadpool::PoolError;
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use thiserror::Error;

use crate::Postgres;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The number of the advisory lock that is held while tables change: "cardlift" in ASCII.
pub(crate) const LOCK: i64 = 0x6361_7264_6c69_6674;

/// What the role of this connection may do. A table that is not there is nobody's; those that are
/// belong to who has the table of migrations.
const STANDING: &str = "
    SELECT current_user::text AS role, done.oid IS NOT NULL AS made,
        CASE WHEN done.oid IS NULL
            THEN coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)
            ELSE pg_has_role(done.relowner, 'USAGE')
        END AS migrates,
        NOT EXISTS (
            SELECT 1 FROM pg_class AS ours
            WHERE ours.relnamespace = done.relnamespace AND ours.relowner = done.relowner
                AND ours.relkind IN ('r', 'v') AND NOT has_table_privilege(ours.oid, 'SELECT')
        ) AS reads
    FROM (SELECT 1) AS one
    LEFT JOIN pg_class AS done ON done.oid = to_regclass('__diesel_schema_migrations')";

const DONE: &str = "SELECT version FROM __diesel_schema_migrations";

/// Makes the owner of the tables act, where there are some and it is another: who is only a member of
/// that role would own whatever a migration adds, which nobody is granted then. Names are looked up where
/// they were, though `"$user"` is another one now.
const AS_THE_OWNER: &str = "
    SELECT CASE WHEN set_config('search_path', path.named, false) IS NOT NULL
        THEN set_config('role', owner.rolname, false)
    END
    FROM pg_class AS done
    JOIN pg_roles AS owner ON owner.oid = done.relowner
    CROSS JOIN (
        SELECT string_agg(quote_ident(schema), ', ' ORDER BY place) AS named
        FROM unnest(current_schemas(false)) WITH ORDINALITY AS searched (schema, place)
    ) AS path
    WHERE done.oid = to_regclass('__diesel_schema_migrations') AND owner.rolname <> current_user";

/// The tables could not be brought up to date. The migrations before the one that failed stand.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// There was no connection to be had.
    #[error("no connection to Postgres")]
    Connection(#[from] PoolError),
    /// The role does not own the tables, and they are not up to date.
    #[error(
        "the tables are not up to date, and the role {role} does not own them: run `cardlift migrate \
         --grant-to {role}` as the role that does"
    )]
    NotTheOwner {
        /// The role that is connected.
        role: String,
    },
    /// The role does not own the tables, and may not read all of them.
    #[error(
        "the role {role} may not read all of the tables: run `cardlift migrate --grant-to {role}` as \
         the role that owns them"
    )]
    NotGranted {
        /// The role that is connected.
        role: String,
    },
    /// A migration failed.
    #[error("the tables could not be brought up to date: {0}")]
    Migration(String),
}

type Harness = AsyncMigrationHarness<AsyncPgConnection>;

#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Bool)]
    made: bool,
    #[diesel(sql_type = Bool)]
    migrates: bool,
    #[diesel(sql_type = Bool)]
    reads: bool,
}

#[derive(QueryableByName)]
struct Done {
    #[diesel(sql_type = Text)]
    version: String,
}

impl Postgres {
    /// Runs the migrations that have not run yet, and names them. Where there are none, any role that
    /// may read the tables may ask. A member of the role that owns the tables runs them as that one.
    ///
    /// Safe to call from any number of processes at once: one migrates, the others wait for it.
    ///
    /// # Errors
    /// Each kind of [`MigrateError`].
    pub async fn migrate(&self) -> Result<Vec<String>, MigrateError> {
        let (standing, pending) = self.ask_for_pending().await?;
        if pending.is_empty() {
            return Ok(pending);
        }
        if !standing.migrates {
            return Err(MigrateError::NotTheOwner { role: standing.role });
        }
        self.locked(|harness| {
            let pending = names(harness)?;
            harness.run_pending_migrations(MIGRATIONS)?;
            Ok(pending)
        })
        .await
    }

    /// The migrations that have not run yet. Nothing is changed to find out.
    ///
    /// # Errors
    /// Each kind of [`MigrateError`].
    pub async fn pending_migrations(&self) -> Result<Vec<String>, MigrateError> {
        self.ask_for_pending().await.map(|(_, pending)| pending)
    }

    /// Undoes every migration, the newest first: for tests.
    ///
    /// # Errors
    /// Each kind of [`MigrateError`].
    #[doc(hidden)]
    pub async fn revert_all_migrations(&self) -> Result<(), MigrateError> {
        self.locked(|harness| harness.revert_all_migrations(MIGRATIONS).map(|_| ())).await
    }

    /// The harness would make its table first, which takes a role that may, even where it is there.
    async fn ask_for_pending(&self) -> Result<(Standing, Vec<String>), MigrateError> {
        let mut connection = self.connection_apart().await?;
        let standing: QueryResult<Standing> =
            diesel::sql_query(STANDING).get_result(&mut connection).await;
        let standing = standing.map_err(failed)?;
        if standing.made && !standing.reads {
            return Err(MigrateError::NotGranted { role: standing.role });
        }
        let done: Vec<Done> = if standing.made {
            diesel::sql_query(DONE).load(&mut connection).await.map_err(failed)?
        } else {
            Vec::new()
        };
        let migrations = MigrationSource::<Pg>::migrations(&MIGRATIONS).map_err(failed)?;
        let names = migrations.iter().map(|migration| migration.name());
        let pending = names.filter(|name| {
            let version = name.version().to_string();
            done.iter().all(|done| done.version != version)
        });
        let mut pending: Vec<String> = pending.map(ToString::to_string).collect();
        pending.sort_unstable();
        Ok((standing, pending))
    }

    /// Runs this as the owner of the tables on a connection of its own that holds the lock. The
    /// connection is not used again, so that the lock and the settings go with it, whatever happens.
    async fn locked<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Harness) -> diesel::migration::Result<T> + Send + 'static,
    ) -> Result<T, MigrateError> {
        let mut connection = self.connection_apart().await?;
        // Waiting for another process and changing a large table both take their time.
        let wait = diesel::sql_query("SET statement_timeout = 0").execute(&mut connection).await;
        wait.map_err(failed)?;
        let lock = diesel::sql_query("SELECT pg_advisory_lock($1)").bind::<BigInt, _>(LOCK);
        lock.execute(&mut connection).await.map_err(failed)?;
        // Under the lock: before, another process may have been about to make the tables.
        let become_owner = diesel::sql_query(AS_THE_OWNER).execute(&mut connection).await;
        become_owner.map_err(failed)?;
        // The harness blocks, and would block a runtime of one thread for good.
        let done = tokio::task::spawn_blocking(move || {
            work(&mut Harness::new(connection)).map_err(|error| error.to_string())
        });
        done.await.map_err(failed)?.map_err(failed)
    }
}

fn failed(error: impl std::fmt::Display) -> MigrateError {
    MigrateError::Migration(error.to_string())
}

/// The names of the migrations that have not run yet.
fn names(harness: &mut Harness) -> diesel::migration::Result<Vec<String>> {
    let pending = harness.pending_migrations(MIGRATIONS)?;
    Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
}
