use std::collections::HashSet;

use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::job::{JobId, JobState, NewJobRow};
use cardlift_core::ports::JobChangeError;
use cardlift_sql::Instant;
use cardlift_sql::receiving::Batch;
use cardlift_sql::row::{NewImportRow, TallyChange, tally_of};
use cardlift_sql::schema::{import_job, import_row};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::super::import_rows::{count, insert};
use super::change::lock;
use crate::error::Abort;

/// A row that asks for the same as one that is there, or as one before it, is left out.
const UNLESS_DUPLICATE: &str = "
    ON CONFLICT (account_id, job_id, external_customer_id, external_card_id, customer_id)
        WHERE is_target DO NOTHING
    RETURNING line";

#[derive(QueryableByName)]
struct Added {
    #[diesel(sql_type = BigInt)]
    line: i64,
}

/// Who appends holds the job's row to the end, so there is one at a time.
pub(super) async fn append(
    connection: &mut AsyncPgConnection,
    account: AccountId,
    job: JobId,
    rows: &[NewJobRow],
    at: Timestamp,
) -> Result<(), Abort<JobChangeError>> {
    let receiving = lock(connection, account, job).await?;
    receiving.require(&[JobState::Receiving]).map_err(Abort::Port)?;
    let last = last_line(connection, account, job).await?;
    let batch = Batch::new(account, job, rows, last)?;
    let added = add(connection, account, job, &batch.targets).await?;
    let failures = batch.into_failures(&added);
    if !failures.is_empty() {
        insert(account, job, &failures).execute(connection).await?;
        let tally = tally_of(&failures);
        count(connection, TallyChange::adding(account, job, &tally)).await?;
    }
    let number = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
    diesel::update(import_job::table.find((account.get(), job.get())))
        .set((
            import_job::rows.eq(import_job::rows + number(rows.len())),
            import_job::settled.eq(import_job::settled + number(failures.len())),
            import_job::updated_at.eq(Instant(at)),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

async fn last_line(
    connection: &mut AsyncPgConnection,
    account: AccountId,
    job: JobId,
) -> QueryResult<Option<i64>> {
    import_row::table
        .filter(import_row::account_id.eq(account.get()))
        .filter(import_row::job_id.eq(job.get()))
        .order(import_row::line.desc())
        .select(import_row::line)
        .first(connection)
        .await
        .optional()
}

/// Adds these rows, and says which lines were added.
async fn add(
    connection: &mut AsyncPgConnection,
    account: AccountId,
    job: JobId,
    rows: &[NewImportRow],
) -> QueryResult<HashSet<i64>> {
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    let added: Vec<Added> =
        insert(account, job, rows).sql(UNLESS_DUPLICATE).load(connection).await?;
    Ok(added.into_iter().map(|row| row.line).collect())
}
