mod changes;
mod new;

use cardlift_core::account::AccountId;
use cardlift_core::job::{
    CardChoice, HaltReason, Job, JobId, JobOptions, JobState, ReadingChoice, RunMode, Tally,
};
use cardlift_core::ports::{Lease, StoreError};
use cardlift_core::vault::VaultAccount;
use diesel::prelude::*;

pub use self::changes::{BrokenOff, JobChanges};
pub use self::new::NewImportJobRow;
use crate::schema::import_job;
use crate::{Instant, corrupt};

/// A job, read.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = import_job)]
pub struct ImportJobRow {
    /// Whose it is.
    pub account_id: i64,
    /// Its id.
    pub id: i64,
    vault: String,
    cards: String,
    /// Whether it writes no payment method.
    pub dry_run: bool,
    reading: String,
    state: String,
    halt: Option<String>,
    rows: i64,
    settled: i64,
    canary: Option<i64>,
    vault_calls: i64,
    lease_worker: Option<String>,
    lease_token: i64,
    lease_until: Option<Instant>,
    created_at: Instant,
    started_at: Option<Instant>,
    finished_at: Option<Instant>,
    updated_at: Instant,
}

impl ImportJobRow {
    /// Where it stands.
    ///
    /// # Errors
    /// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a state that is none.
    pub fn state(&self) -> Result<JobState, StoreError> {
        job_state(&self.state)
    }

    /// The lease that it is under, or was last.
    ///
    /// # Errors
    /// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a row that is none.
    pub fn lease(&self) -> Result<Lease, StoreError> {
        Ok(Lease { account: self.account()?, job: self.job()?, token: self.lease_token })
    }

    /// The job, with what became of its rows.
    ///
    /// # Errors
    /// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a row that is none.
    pub fn into_job(self, tally: Tally) -> Result<Job, StoreError> {
        let instant = |at: Option<Instant>| at.map(|Instant(at)| at);
        Ok(Job {
            account: self.account()?,
            id: self.job()?,
            options: self.options()?,
            state: self.state()?,
            halt: self.halt()?,
            rows: number(self.rows)?,
            settled: number(self.settled)?,
            tally,
            canary: self.canary.map(number).transpose()?,
            vault_calls: number(self.vault_calls)?,
            created_at: self.created_at.0,
            started_at: instant(self.started_at),
            finished_at: instant(self.finished_at),
            updated_at: self.updated_at.0,
        })
    }

    fn account(&self) -> Result<AccountId, StoreError> {
        AccountId::try_from(self.account_id).map_err(wrong)
    }

    fn job(&self) -> Result<JobId, StoreError> {
        JobId::try_from(self.id).map_err(wrong)
    }

    fn options(&self) -> Result<JobOptions, StoreError> {
        Ok(JobOptions {
            vault: VaultAccount::from_name(&self.vault)
                .ok_or_else(|| wrong("its account of the vault is none"))?,
            cards: CardChoice::from_name(&self.cards)
                .ok_or_else(|| wrong("its choice of cards is none"))?,
            mode: if self.dry_run { RunMode::DryRun } else { RunMode::Import },
            reading: ReadingChoice::from_name(&self.reading)
                .ok_or_else(|| wrong("its way of reading is none"))?,
        })
    }

    fn halt(&self) -> Result<Option<HaltReason>, StoreError> {
        let reason = |name: &String| {
            HaltReason::from_name(name).ok_or_else(|| wrong("its reason to halt is none"))
        };
        self.halt.as_ref().map(reason).transpose()
    }
}

/// The state of a job, from its name.
///
/// # Errors
/// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a name that is none.
pub fn job_state(name: &str) -> Result<JobState, StoreError> {
    JobState::from_name(name).ok_or_else(|| wrong("its state is none"))
}

/// The ids of jobs.
///
/// # Errors
/// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for one that is none.
pub fn job_ids(ids: Vec<i64>) -> Result<Vec<JobId>, StoreError> {
    ids.into_iter().map(|id| JobId::try_from(id).map_err(wrong)).collect()
}

fn number(count: i64) -> Result<u64, StoreError> {
    u64::try_from(count).map_err(wrong)
}

fn wrong(why: impl std::fmt::Display) -> StoreError {
    corrupt("import_job", why)
}
