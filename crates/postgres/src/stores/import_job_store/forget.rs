use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::job::{JobAction, JobId, RowOutcome, Tally};
use cardlift_core::ports::JobChangeError;
use cardlift_sql::Instant;
use cardlift_sql::row::{TallyChange, changeable_outcomes, line_column, line_number, lines_after};
use cardlift_sql::schema::import_job;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::super::import_rows::count;
use super::change::lock;
use crate::error::Abort;

/// How many rows one step looks at.
const STEP: i64 = 5_000;

/// A row that somebody else has settled or forgotten meanwhile no longer has the outcome that it
/// was found with, and is passed over.
const FORGET: &str = "
    WITH failed AS MATERIALIZED (
        SELECT account_id, job_id, line, part, outcome FROM import_row
        WHERE account_id = $1 AND job_id = $2 AND line > $3 AND line <= $4
            AND part = 0 AND outcome = ANY($5)
    )
    UPDATE import_row AS there
    SET outcome = NULL, field = NULL, detail = NULL, payment_method_id = NULL
    FROM failed
    WHERE there.account_id = failed.account_id AND there.job_id = failed.job_id
        AND there.line = failed.line AND there.part = failed.part
        AND there.outcome = failed.outcome
    RETURNING failed.outcome";

#[derive(QueryableByName)]
struct Forgotten {
    #[diesel(sql_type = Text)]
    outcome: String,
}

/// The job's row comes last, as it does where a worker settles: so neither waits for the other
/// while it holds what that one needs.
pub(super) async fn forget_failures(
    connection: &mut AsyncPgConnection,
    account: AccountId,
    job: JobId,
    after: Option<u64>,
    at: Timestamp,
) -> Result<Option<u64>, Abort<JobChangeError>> {
    let first = after.map_or(-1, line_column);
    let lines = lines_after(account.get(), job.get(), first).limit(STEP);
    let lines: Vec<i64> = lines.load(connection).await?;
    let last = lines.last().copied();
    let forgotten = match last {
        Some(last) => forget(connection, account, job, (first, last)).await?,
        None => Tally::default(),
    };
    let changes = TallyChange::taking(account, job, &forgotten);
    if !changes.is_empty() {
        count(connection, changes).await?;
    }
    let row = lock(connection, account, job).await?;
    row.require_possible(JobAction::Retry).map_err(Abort::Port)?;
    let fewer = i64::try_from(forgotten.total()).unwrap_or(i64::MAX);
    diesel::update(import_job::table.find((account.get(), job.get())))
        .set((
            import_job::settled.eq(import_job::settled - fewer),
            import_job::updated_at.eq(Instant(at)),
        ))
        .execute(connection)
        .await?;
    last.map(line_number).transpose().map_err(|error| Abort::Port(error.into()))
}

/// Takes the outcomes from those that failed on the lines after the one, up to the other.
async fn forget(
    connection: &mut AsyncPgConnection,
    account: AccountId,
    job: JobId,
    (after, last): (i64, i64),
) -> QueryResult<Tally> {
    let forgotten: Vec<Forgotten> = diesel::sql_query(FORGET)
        .bind::<BigInt, _>(account.get())
        .bind::<BigInt, _>(job.get())
        .bind::<BigInt, _>(after)
        .bind::<BigInt, _>(last)
        .bind::<Array<Text>, _>(changeable_outcomes())
        .load(connection)
        .await?;
    Ok(forgotten.iter().filter_map(|row| RowOutcome::from_name(&row.outcome)).collect())
}
