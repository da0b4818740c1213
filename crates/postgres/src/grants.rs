//! What a role that serves may do: what serving needs, and no more.

use diesel::sql_types::{Array, BigInt, Bool, Text};
use diesel::{OptionalExtension as _, QueryResult, QueryableByName};
use diesel_async::pooled_connection::deadpool::PoolError;
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection as _,
};
use thiserror::Error;

use crate::Postgres;
use crate::migrations::LOCK;

/// The tables that a role which serves adds to, and changes nothing in.
const APPEND_ONLY: &[&str] = &["audit_batch", "audit_link"];

/// What is known of a role, and of how it stands to the owner of the tables.
const ROLE: &str = "
    SELECT rolsuper OR rolbypassrls AS passes, pg_has_role(role.oid, ours.relowner, 'MEMBER') AS owns
    FROM pg_roles AS role, pg_class AS ours
    WHERE role.rolname = $1 AND ours.oid = '__diesel_schema_migrations'::regclass";

/// The statements that let the role `$1` work with the tables and do nothing else with them, of which
/// those in `$2` are only added to. Identity columns need no right to their sequences.
const STATEMENTS: &str = "
    SELECT format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), $1) AS statement
    WHERE NOT has_schema_privilege($1, current_schema(), 'USAGE')
    UNION ALL
    SELECT format('REVOKE ALL ON TABLE %1$s FROM %3$I; GRANT %2$s ON TABLE %1$s TO %3$I', ours.oid::regclass,
        CASE
            WHEN ours.relkind = 'v' OR ours.oid = done.oid THEN 'SELECT'
            WHEN ours.relname = ANY($2) THEN 'SELECT, INSERT'
            ELSE 'SELECT, INSERT, UPDATE, DELETE'
        END, $1)
    FROM pg_class AS done
    JOIN pg_class AS ours
        ON ours.relnamespace = done.relnamespace AND ours.relowner = done.relowner
            AND ours.relkind IN ('r', 'v')
    WHERE done.oid = '__diesel_schema_migrations'::regclass";

const WALL: &str = "
    SELECT current_user::text AS role, row_security_active('account') AS holds";

/// A role could not be let in. Nothing was changed.
#[derive(Debug, Error)]
pub enum GrantError {
    /// There was no connection to be had.
    #[error("no connection to Postgres")]
    Connection(#[from] PoolError),
    /// There is none of this name.
    #[error(
        "there is no role {role}: make it first, CREATE ROLE {quoted} LOGIN PASSWORD '..', as a role \
         that may make others"
    )]
    NoSuchRole {
        /// The name.
        role: String,
        /// The name as SQL has it.
        quoted: String,
    },
    /// Row-level security would not hold for it.
    #[error(
        "the role {role} owns the tables, or passes row-level security: it needs no grant, and serving \
         needs a role that does neither"
    )]
    PassesTheWall {
        /// The name.
        role: String,
    },
    /// The server refused it.
    #[error("the role could not be let in: {0}")]
    Refused(#[from] diesel::result::Error),
}

/// Whether row-level security holds for the role that is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wall {
    /// It shows the role the rows of the accounts that a connection works for, and no others.
    Holds {
        /// The role.
        role: String,
    },
    /// The role owns the tables, or is one that nothing is kept from.
    Passed {
        /// The role.
        role: String,
    },
}

#[derive(QueryableByName)]
struct Role {
    #[diesel(sql_type = Bool)]
    passes: bool,
    #[diesel(sql_type = Bool)]
    owns: bool,
}

#[derive(QueryableByName)]
struct Statement {
    #[diesel(sql_type = Text)]
    statement: String,
}

#[derive(QueryableByName)]
struct Connected {
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Bool)]
    holds: bool,
}

impl Postgres {
    /// Lets this role do with the tables what serving needs, and takes whatever else it could. The
    /// tables have to be up to date: those that come later are granted by calling this again.
    ///
    /// # Errors
    /// Each kind of [`GrantError`].
    pub async fn grant_to(&self, role: &str) -> Result<(), GrantError> {
        let mut connection = self.connection_apart().await?;
        connection.transaction(async |connection| grant(connection, role).await).await
    }

    /// Whether row-level security holds for the role that is connected. The tables have to be there.
    ///
    /// # Errors
    /// [`GrantError::Connection`] and [`GrantError::Refused`].
    pub async fn wall(&self) -> Result<Wall, GrantError> {
        let mut connection = self.connection_apart().await?;
        let connected: QueryResult<Connected> =
            diesel::sql_query(WALL).get_result(&mut connection).await;
        let Connected { role, holds } = connected?;
        Ok(if holds { Wall::Holds { role } } else { Wall::Passed { role } })
    }
}

async fn grant(connection: &mut AsyncPgConnection, role: &str) -> Result<(), GrantError> {
    // Of two at once, one would find what it grants changed under its hands.
    let lock = diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(LOCK);
    lock.execute(connection).await?;
    let found = diesel::sql_query(ROLE).bind::<Text, _>(role);
    match found.get_result::<Role>(connection).await.optional()? {
        None => {
            let quoted = format!("\"{}\"", role.replace('"', "\"\""));
            return Err(GrantError::NoSuchRole { role: role.to_owned(), quoted });
        }
        Some(Role { passes: false, owns: false }) => {}
        Some(_) => return Err(GrantError::PassesTheWall { role: role.to_owned() }),
    }
    let statements = diesel::sql_query(STATEMENTS);
    let statements = statements.bind::<Text, _>(role).bind::<Array<Text>, _>(APPEND_ONLY);
    for Statement { statement } in statements.load(connection).await? {
        connection.batch_execute(&statement).await?;
    }
    Ok(())
}
