mod queue;
mod settling;
mod store;
mod undoing;
mod work;

use std::collections::{BTreeMap, HashSet};

use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::job::{
    Job, JobId, JobOptions, JobRow, JobState, PieceId, RowPlace, ScanPiece, Tally,
};
use cardlift_core::ports::{JobChangeError, Lease, LeaseError};

use super::State;

/// A job and all that belongs to it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) job: Job,
    /// By line and part.
    rows: BTreeMap<(u64, u32), JobRow>,
    places: HashSet<RowPlace>,
    /// The lines of the rows without an outcome.
    pending: BTreeMap<RowPlace, u64>,
    pieces: BTreeMap<PieceId, ScanPiece>,
    /// Of the latest lease.
    token: i64,
    /// Until when the latest lease is held; `None` where it was given back or taken away.
    held_until: Option<Timestamp>,
}

impl Entry {
    fn new(account: AccountId, id: JobId, options: &JobOptions, at: Timestamp) -> Self {
        let job = Job {
            account,
            id,
            options: options.clone(),
            state: JobState::Receiving,
            halt: None,
            rows: 0,
            settled: 0,
            tally: Tally::default(),
            canary: None,
            vault_calls: 0,
            created_at: at,
            started_at: None,
            finished_at: None,
            updated_at: at,
        };
        Self {
            job,
            rows: BTreeMap::new(),
            places: HashSet::new(),
            pending: BTreeMap::new(),
            pieces: BTreeMap::new(),
            token: 0,
            held_until: None,
        }
    }

    /// As many lines as asked for, from the one after this on.
    fn lines(&self, after: Option<u64>, most: usize) -> Vec<u64> {
        let first = after.map_or(0, |line| line.saturating_add(1));
        let rows = self.rows.range((first, 0)..);
        rows.filter(|(_, row)| row.part == 0).map(|(_, row)| row.line).take(most).collect()
    }
}

impl State {
    fn job(&self, account: AccountId, id: JobId) -> Option<&Entry> {
        let index = usize::try_from(id.get() - 1).ok()?;
        self.jobs.get(index).filter(|entry| entry.job.account == account)
    }

    fn job_mut(&mut self, account: AccountId, id: JobId) -> Result<&mut Entry, JobChangeError> {
        let entry = usize::try_from(id.get() - 1).ok().and_then(|index| self.jobs.get_mut(index));
        entry.filter(|entry| entry.job.account == account).ok_or(JobChangeError::Missing)
    }

    /// The job of a lease that is its latest.
    fn leased(&mut self, lease: &Lease) -> Result<&mut Entry, LeaseError> {
        let entry = self.job_mut(lease.account, lease.job).map_err(|_| LeaseError::Lost)?;
        if entry.token == lease.token && entry.held_until.is_some() {
            Ok(entry)
        } else {
            Err(LeaseError::Lost)
        }
    }
}

/// How many rows a number that is asked for can be.
pub(super) fn count(most: u32) -> usize {
    usize::try_from(most).unwrap_or(usize::MAX)
}
