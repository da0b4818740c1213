use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::job::{Job, JobId, JobState};
use cardlift_core::ports::{JobQueue, Lease, LeaseError, Leave, StoreError, WorkerId};
use cardlift_core::vault::VaultAccount;
use cardlift_sql::queue::{NEXT, NextJob};
use cardlift_sql::row::{self, ImportJobRow, JobChanges, TallyRow, job_state, leased, renewable};
use cardlift_sql::schema::import_job::dsl;
use cardlift_sql::{Instant, InstantSql, auditing, corrupt};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

use super::audit_trail;
use super::import_tally::tallies;
use crate::Sqlite;
use crate::error::corrupt_row;

#[async_trait]
impl JobQueue for Sqlite {
    async fn acquire(
        &self,
        worker: &WorkerId,
        only: Option<JobId>,
        at: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(Lease, Job)>, StoreError> {
        let worker = worker.clone();
        let work = move |connection: &mut SqliteConnection| {
            take(connection, &worker, only, [at, until].map(Instant))
        };
        let Some((row, tallies)) = self.write("acquire_job", work).await? else { return Ok(None) };
        Ok(Some((row.lease()?, row::job(row, tallies)?)))
    }

    async fn renew(&self, lease: &Lease, until: Timestamp) -> Result<JobState, LeaseError> {
        let lease = *lease;
        let work = move |connection: &mut SqliteConnection| {
            let update = diesel::update(renewable(&lease)).set(dsl::lease_until.eq(Instant(until)));
            update.returning(dsl::state).get_result::<String>(connection).optional()
        };
        let state = self.write("renew_lease", work).await?.ok_or(LeaseError::Lost)?;
        Ok(job_state(&state)?)
    }

    async fn leave(&self, lease: &Lease, how: Leave, at: Timestamp) -> Result<(), LeaseError> {
        let lease = *lease;
        let work = move |connection: &mut SqliteConnection| {
            let row = leased(&lease).select(ImportJobRow::as_select()).get_result(connection);
            let Some(row) = row.optional()? else { return Ok(Err(LeaseError::Lost)) };
            let changes = JobChanges::by_leaving(&row, how, at).map_err(corrupt_row)?;
            let update = diesel::update(leased(&lease)).set(changes);
            let left = update.returning(ImportJobRow::as_returning()).get_result(connection)?;
            let batch = auditing::job_changed(row, left).map_err(corrupt_row)?;
            audit_trail::write(connection, &batch)?;
            Ok(Ok(()))
        };
        self.write("leave_job", work).await?
    }

    async fn at_work(
        &self,
        vault: &VaultAccount,
        at: Timestamp,
    ) -> Result<Option<JobId>, StoreError> {
        let vault = vault.name();
        let work = move |connection: &mut SqliteConnection| {
            let held = dsl::import_job
                .filter(dsl::vault.eq(vault))
                .filter(dsl::lease_worker.is_not_null())
                .filter(dsl::lease_until.gt(Instant(at)));
            held.select(dsl::id).get_result::<i64>(connection).optional()
        };
        let id = self.read("job_at_work", work).await?;
        id.map(JobId::try_from).transpose().map_err(|why| corrupt("import_job", why))
    }
}

/// Takes the next job there is. The write lock is held, so nobody else takes one.
fn take(
    connection: &mut SqliteConnection,
    worker: &WorkerId,
    only: Option<JobId>,
    [at, until]: [Instant; 2],
) -> QueryResult<Option<(ImportJobRow, Vec<TallyRow>)>> {
    let next = diesel::sql_query(NEXT).bind::<Nullable<BigInt>, _>(only.map(JobId::get));
    let next = next.bind::<InstantSql, _>(at);
    let next = next.get_result::<NextJob>(connection).optional()?;
    let Some(NextJob { account_id, id, vault }) = next else { return Ok(None) };
    // Whoever has a lease of another job that is over must not renew it beside this one.
    let over = dsl::import_job
        .filter(dsl::vault.eq(vault))
        .filter(dsl::lease_worker.is_not_null())
        .filter(dsl::lease_until.le(at));
    let nobody = (dsl::lease_worker.eq(None::<String>), dsl::lease_until.eq(None::<Instant>));
    diesel::update(over).set(nobody).execute(connection)?;
    let row: ImportJobRow = diesel::update(dsl::import_job.find((account_id, id)))
        .set((
            dsl::lease_worker.eq(&worker.0),
            dsl::lease_until.eq(until),
            dsl::lease_token.eq(dsl::lease_token + 1),
        ))
        .returning(ImportJobRow::as_returning())
        .get_result(connection)?;
    let tallies = tallies(connection, account_id, [id])?;
    Ok(Some((row, tallies)))
}
