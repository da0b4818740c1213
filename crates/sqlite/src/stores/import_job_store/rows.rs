//! What becomes of the rows of a job that no worker is at.

use std::collections::HashSet;

use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::job::{JobAction, JobId, JobState, NewJobRow, RowOutcome, Tally};
use cardlift_core::ports::JobChangeError;
use cardlift_sql::Instant;
use cardlift_sql::receiving::Batch;
use cardlift_sql::row::{
    NewImportRow, TallyChange, changeable_outcomes, line_column, lines_after, tally_of,
};
use cardlift_sql::schema::import_row::dsl;
use cardlift_sql::schema::{import_job, import_row};
use diesel::dsl::max;
use diesel::prelude::*;

use super::super::import_tally::count;
use super::change::find;

/// How many rows one step of forgetting looks at.
const STEP: i64 = 5_000;

pub(super) fn append(
    connection: &mut SqliteConnection,
    account: AccountId,
    job: JobId,
    rows: &[NewJobRow],
    at: Timestamp,
) -> QueryResult<Result<(), JobChangeError>> {
    let receiving = find(connection, account, job)?;
    if let Err(refused) = receiving.and_then(|row| row.require(&[JobState::Receiving])) {
        return Ok(Err(refused));
    }
    let of_job = dsl::import_row.filter(dsl::account_id.eq(account.get()));
    let of_job = of_job.filter(dsl::job_id.eq(job.get()));
    let last = of_job.select(max(dsl::line)).get_result(connection)?;
    let batch = Batch::new(account, job, rows, last)?;
    let mut added = HashSet::new();
    for row in &batch.targets {
        if add(connection, row)? {
            added.insert(row.line);
        }
    }
    let failures = batch.into_failures(&added);
    for row in &failures {
        diesel::insert_into(import_row::table).values(row).execute(connection)?;
    }
    count(connection, TallyChange::adding(account, job, &tally_of(&failures)))?;
    let number = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
    diesel::update(import_job::table.find((account.get(), job.get())))
        .set((
            import_job::rows.eq(import_job::rows + number(rows.len())),
            import_job::settled.eq(import_job::settled + number(failures.len())),
            import_job::updated_at.eq(Instant(at)),
        ))
        .execute(connection)?;
    Ok(Ok(()))
}

/// Adds a row, unless there is one that asks for the same. Its line is not there yet.
fn add(connection: &mut SqliteConnection, row: &NewImportRow) -> QueryResult<bool> {
    let insert = diesel::insert_into(import_row::table).values(row).on_conflict_do_nothing();
    Ok(insert.execute(connection)? > 0)
}

pub(super) fn forget_failures(
    connection: &mut SqliteConnection,
    account: AccountId,
    job: JobId,
    after: Option<u64>,
    at: Timestamp,
) -> QueryResult<Result<Option<i64>, JobChangeError>> {
    let stopped = find(connection, account, job)?;
    if let Err(refused) = stopped.and_then(|row| row.require_possible(JobAction::Retry)) {
        return Ok(Err(refused));
    }
    let first = after.map_or(-1, line_column);
    let lines = lines_after(account.get(), job.get(), first).limit(STEP);
    let last = lines.load::<i64>(connection)?.last().copied();
    let forgotten = match last {
        Some(last) => forget(connection, account, job, (first, last))?,
        None => Tally::default(),
    };
    count(connection, TallyChange::taking(account, job, &forgotten))?;
    let fewer = i64::try_from(forgotten.total()).unwrap_or(i64::MAX);
    diesel::update(import_job::table.find((account.get(), job.get())))
        .set((
            import_job::settled.eq(import_job::settled - fewer),
            import_job::updated_at.eq(Instant(at)),
        ))
        .execute(connection)?;
    Ok(Ok(last))
}

/// Takes the outcomes from those that failed on the lines after the one, up to the other.
fn forget(
    connection: &mut SqliteConnection,
    account: AccountId,
    job: JobId,
    (after, last): (i64, i64),
) -> QueryResult<Tally> {
    let failed = dsl::import_row
        .filter(dsl::account_id.eq(account.get()))
        .filter(dsl::job_id.eq(job.get()))
        .filter(dsl::line.gt(after))
        .filter(dsl::line.le(last))
        .filter(dsl::part.eq(0))
        .filter(dsl::outcome.eq_any(changeable_outcomes()));
    let outcomes: Vec<Option<String>> = failed.clone().select(dsl::outcome).load(connection)?;
    let nothing = (
        dsl::outcome.eq(None::<String>),
        dsl::field.eq(None::<String>),
        dsl::detail.eq(None::<String>),
        dsl::payment_method_id.eq(None::<i64>),
    );
    diesel::update(failed).set(nothing).execute(connection)?;
    let outcomes = outcomes.iter().flatten();
    Ok(outcomes.filter_map(|name| RowOutcome::from_name(name)).collect())
}
