use std::collections::HashMap;

use cardlift_core::account::AccountId;
use cardlift_core::job::{Job, JobId, RowOutcome, Tally};
use cardlift_core::ports::StoreError;
use diesel::prelude::*;

use super::ImportJobRow;
use crate::corrupt;
use crate::schema::import_tally;

/// How many results of an outcome a job has.
#[derive(Queryable, Selectable)]
#[diesel(table_name = import_tally)]
pub struct TallyRow {
    job_id: i64,
    outcome: String,
    count: i64,
}

/// The job, with what became of its rows.
///
/// # Errors
/// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a row that is none.
pub fn job(row: ImportJobRow, tallies: Vec<TallyRow>) -> Result<Job, StoreError> {
    let mut tally = Tally::default();
    for TallyRow { outcome, count, .. } in tallies {
        tally.add(outcome_named(&outcome)?, u64::try_from(count).map_err(wrong)?);
    }
    row.into_job(tally)
}

/// The jobs, each with what became of its rows.
///
/// # Errors
/// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a row that is none.
pub fn jobs(rows: Vec<ImportJobRow>, tallies: Vec<TallyRow>) -> Result<Vec<Job>, StoreError> {
    let mut by_job: HashMap<i64, Vec<TallyRow>> = HashMap::new();
    for tally in tallies {
        by_job.entry(tally.job_id).or_default().push(tally);
    }
    let with_tally = |row: ImportJobRow| {
        let tallies = by_job.remove(&row.id).unwrap_or_default();
        job(row, tallies)
    };
    rows.into_iter().map(with_tally).collect()
}

/// How many results of an outcome come to those that a job has.
#[derive(Clone, Insertable)]
#[diesel(table_name = import_tally)]
pub struct TallyChange {
    account_id: i64,
    job_id: i64,
    outcome: &'static str,
    /// So many; fewer than none are taken away.
    pub count: i64,
}

impl TallyChange {
    /// What adds these, in an order that is always the same: so no two who count for one job wait
    /// for each other.
    #[must_use]
    pub fn adding(account: AccountId, job: JobId, tally: &Tally) -> Vec<Self> {
        let change = |(outcome, count): (RowOutcome, u64)| Self {
            account_id: account.get(),
            job_id: job.get(),
            outcome: outcome.name(),
            count: i64::try_from(count).unwrap_or(i64::MAX),
        };
        tally.iter().map(change).collect()
    }

    /// What takes these away.
    #[must_use]
    pub fn taking(account: AccountId, job: JobId, tally: &Tally) -> Vec<Self> {
        let changes = Self::adding(account, job, tally).into_iter();
        changes.map(|change| Self { count: -change.count, ..change }).collect()
    }
}

/// The outcome of this name.
///
/// # Errors
/// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a name that is none.
pub(super) fn outcome_named(name: &str) -> Result<RowOutcome, StoreError> {
    RowOutcome::from_name(name).ok_or_else(|| wrong("its outcome is none"))
}

fn wrong(why: impl std::fmt::Display) -> StoreError {
    corrupt("import_tally", why)
}
