//! The next job for a worker: the statement, and what it returns.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};

/// The oldest that has work, is of no account that is disabled, and whose account of the vault nobody has a lease in at `$2`; `$1`
/// alone, where it is a job's. SQLite counts parameters as they come.
///
/// Its own lease is looked at by itself: of a job that somebody took after the statement began,
/// Postgres looks at the job's row once more, and at nothing else.
pub const NEXT: &str = "
    SELECT account_id, id, vault FROM import_job AS job
    WHERE state IN ('running', 'undoing') AND id = coalesce($1, id)
        AND (lease_until IS NULL OR lease_until <= $2)
        AND NOT EXISTS (
            SELECT 1 FROM account
            WHERE account.id = job.account_id AND account.disabled_at IS NOT NULL)
        AND NOT EXISTS (
            SELECT 1 FROM import_job AS held
            WHERE held.vault = job.vault AND held.lease_worker IS NOT NULL
                AND held.lease_until > $2)
    ORDER BY id
    LIMIT 1";

/// What [`NEXT`] returns.
#[derive(QueryableByName)]
pub struct NextJob {
    /// Whose it is.
    #[diesel(sql_type = BigInt)]
    pub account_id: i64,
    /// Its id.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// Its account of the vault.
    #[diesel(sql_type = Text)]
    pub vault: String,
}
