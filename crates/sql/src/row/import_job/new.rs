use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::job::{JobOptions, JobState, RunMode};
use diesel::prelude::*;

use crate::Instant;
use crate::schema::import_job;

/// A job without rows, to be added.
#[derive(Insertable)]
#[diesel(table_name = import_job)]
pub struct NewImportJobRow {
    account_id: i64,
    vault: String,
    cards: &'static str,
    dry_run: bool,
    reading: &'static str,
    state: &'static str,
    rows: i64,
    settled: i64,
    vault_calls: i64,
    created_at: Instant,
    updated_at: Instant,
}

impl NewImportJobRow {
    /// One that receives its rows.
    #[must_use]
    pub fn new(account: AccountId, options: &JobOptions, at: Timestamp) -> Self {
        let JobOptions { vault, cards, mode, reading } = options;
        Self {
            account_id: account.get(),
            vault: vault.name(),
            cards: cards.name(),
            dry_run: *mode == RunMode::DryRun,
            reading: reading.name(),
            state: JobState::Receiving.name(),
            rows: 0,
            settled: 0,
            vault_calls: 0,
            created_at: Instant(at),
            updated_at: Instant(at),
        }
    }
}
