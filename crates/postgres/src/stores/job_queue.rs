use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::job::{Job, JobId, JobState};
use cardlift_core::ports::{JobQueue, Lease, LeaseError, Leave, StoreError, WorkerId};
use cardlift_core::vault::VaultAccount;
use cardlift_sql::auditing;
use cardlift_sql::queue::{NEXT, NextJob};
use cardlift_sql::row::{ImportJobRow, JobChanges, job_state, leased, renewable};
use cardlift_sql::schema::import_job::dsl;
use cardlift_sql::{Instant, InstantSql, corrupt};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::{BigInt, Nullable};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};

use super::audit_trail;
use super::import_rows::with_tally;
use crate::Postgres;
use crate::error::{Abort, from_diesel};

/// How often a job is looked for while others take those that were found.
const TRIES: usize = 3;

/// A job that somebody else is taking, or writes at the moment, is passed over.
const TAKE: &str = " FOR NO KEY UPDATE OF job SKIP LOCKED";

#[async_trait]
impl JobQueue for Postgres {
    async fn acquire(
        &self,
        worker: &WorkerId,
        only: Option<JobId>,
        at: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(Lease, Job)>, StoreError> {
        self.call("acquire_job", async {
            // A worker takes the oldest job, whoever has it.
            let mut connection = self.connection_across().await?;
            for _ in 0..TRIES {
                let taken = connection.transaction(async |connection| {
                    take(connection, worker, only, [at, until].map(Instant)).await
                });
                match taken.await {
                    // Somebody was faster with another job of the same account of the vault.
                    Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {}
                    taken => return taken.map_err(from_diesel)?.transpose(),
                }
            }
            Ok(None)
        })
        .await
    }

    async fn renew(&self, lease: &Lease, until: Timestamp) -> Result<JobState, LeaseError> {
        self.call("renew_lease", async {
            let mut connection = self.connection_for(lease.account).await?;
            let update = diesel::update(renewable(lease)).set(dsl::lease_until.eq(Instant(until)));
            let state = update.returning(dsl::state).get_result::<String>(&mut connection).await;
            let state = state.optional().map_err(from_diesel)?.ok_or(LeaseError::Lost)?;
            Ok(job_state(&state)?)
        })
        .await
    }

    async fn leave(&self, lease: &Lease, how: Leave, at: Timestamp) -> Result<(), LeaseError> {
        self.call("leave_job", async {
            let mut connection = self.connection_for(lease.account).await?;
            let left = connection.transaction(async |connection| {
                let row = leased(lease).select(ImportJobRow::as_select()).for_no_key_update();
                let row = row.first(connection).await.optional()?;
                let row = row.ok_or(Abort::Port(LeaseError::Lost))?;
                let changes = JobChanges::by_leaving(&row, how, at);
                let changes = changes.map_err(|error| Abort::Port(error.into()))?;
                let update = diesel::update(leased(lease)).set(changes);
                let update = update.returning(ImportJobRow::as_returning());
                let after = update.get_result(connection).await?;
                let told = auditing::job_changed(row, after);
                let told = told.map_err(|error| Abort::Port(error.into()))?;
                audit_trail::write(connection, &told).await?;
                Ok(())
            });
            left.await.map_err(Abort::into_port)
        })
        .await
    }

    async fn at_work(
        &self,
        vault: &VaultAccount,
        at: Timestamp,
    ) -> Result<Option<JobId>, StoreError> {
        self.call("job_at_work", async {
            // An account of the vault may be that of several of ours.
            let mut connection = self.connection_across().await?;
            let held = dsl::import_job
                .filter(dsl::vault.eq(vault.name()))
                .filter(dsl::lease_worker.is_not_null())
                .filter(dsl::lease_until.gt(Instant(at)))
                .select(dsl::id);
            let id = held.first::<i64>(&mut connection).await.optional().map_err(from_diesel)?;
            id.map(JobId::try_from).transpose().map_err(|why| corrupt("import_job", why))
        })
        .await
    }
}

/// Takes the next job there is. That nobody else takes one of its account of the vault is up to
/// the index.
async fn take(
    connection: &mut AsyncPgConnection,
    worker: &WorkerId,
    only: Option<JobId>,
    [at, until]: [Instant; 2],
) -> QueryResult<Option<Result<(Lease, Job), StoreError>>> {
    let next = diesel::sql_query(format!("{NEXT}{TAKE}"))
        .bind::<Nullable<BigInt>, _>(only.map(JobId::get));
    let next = next.bind::<InstantSql, _>(at);
    let next = next.get_result::<NextJob>(connection).await.optional()?;
    let Some(NextJob { account_id, id, vault }) = next else { return Ok(None) };
    // Whoever has a lease of another job that is over must not renew it beside this one.
    let over = dsl::import_job
        .filter(dsl::vault.eq(vault))
        .filter(dsl::lease_worker.is_not_null())
        .filter(dsl::lease_until.le(at));
    let nobody = (dsl::lease_worker.eq(None::<String>), dsl::lease_until.eq(None::<Instant>));
    diesel::update(over).set(nobody).execute(connection).await?;
    let row = diesel::update(dsl::import_job.find((account_id, id)))
        .set((
            dsl::lease_worker.eq(&worker.0),
            dsl::lease_until.eq(until),
            dsl::lease_token.eq(dsl::lease_token + 1),
        ))
        .returning(ImportJobRow::as_returning())
        .get_result(connection)
        .await?;
    let lease = row.lease();
    let job = with_tally(connection, row).await?;
    Ok(Some(lease.and_then(|lease| Ok((lease, job?)))))
}
