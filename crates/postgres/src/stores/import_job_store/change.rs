//! Leading a job from one state to another.

use cardlift_core::account::AccountId;
use cardlift_core::job::{Job, JobId};
use cardlift_core::ports::JobChangeError;
use cardlift_sql::auditing;
use cardlift_sql::row::{ImportJobRow, JobChanges};
use cardlift_sql::schema::import_job;
use diesel::prelude::*;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};

use super::super::audit_trail;
use super::super::import_rows::with_tally;
use crate::Postgres;
use crate::error::Abort;

impl Postgres {
    /// Changes a job so, and returns it.
    pub(super) async fn change_job(
        &self,
        operation: &'static str,
        account: AccountId,
        job: JobId,
        changes: impl Fn(&ImportJobRow) -> Result<JobChanges, JobChangeError> + Send + Sync,
    ) -> Result<Job, JobChangeError> {
        self.call(operation, async {
            let mut connection = self.connection_for(account).await?;
            let done = connection.transaction(async |connection| {
                let row = lock(connection, account, job).await?;
                let changes = changes(&row).map_err(Abort::Port)?;
                let update = diesel::update(import_job::table.find((account.get(), job.get())));
                let update = update.set(changes).returning(ImportJobRow::as_returning());
                let after: ImportJobRow = update.get_result(connection).await?;
                let told = auditing::job_changed(row, after.clone());
                let told = told.map_err(|error| Abort::Port(error.into()))?;
                audit_trail::write(connection, &told).await?;
                with_tally(connection, after).await?.map_err(|error| Abort::Port(error.into()))
            });
            done.await.map_err(Abort::into_port)
        })
        .await
    }
}

/// The job, once nobody else can write it.
pub(super) async fn lock(
    connection: &mut AsyncPgConnection,
    account: AccountId,
    job: JobId,
) -> Result<ImportJobRow, Abort<JobChangeError>> {
    let row = import_job::table.find((account.get(), job.get()));
    let row = row.select(ImportJobRow::as_select()).for_no_key_update();
    let row = row.first(connection).await.optional()?;
    row.ok_or(Abort::Port(JobChangeError::Missing))
}
