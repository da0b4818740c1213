//! Leading a job from one state to another.

use cardlift_core::account::AccountId;
use cardlift_core::job::{Job, JobId};
use cardlift_core::ports::JobChangeError;
use cardlift_sql::auditing;
use cardlift_sql::row::{self, ImportJobRow, JobChanges};
use cardlift_sql::schema::import_job;
use diesel::prelude::*;

use super::super::audit_trail;
use super::super::import_tally::tallies;
use crate::Sqlite;
use crate::error::corrupt_row;

impl Sqlite {
    /// Changes a job so, and returns it.
    pub(super) async fn change_job(
        &self,
        operation: &'static str,
        account: AccountId,
        job: JobId,
        changes: impl FnOnce(&ImportJobRow) -> Result<JobChanges, JobChangeError> + Send + 'static,
    ) -> Result<Job, JobChangeError> {
        let work = move |connection: &mut SqliteConnection| {
            let found = find(connection, account, job)?;
            let changes = found.and_then(|row| Ok((changes(&row)?, row)));
            let (changes, before) = match changes {
                Ok(changes) => changes,
                Err(refused) => return Ok(Err(refused)),
            };
            let update = diesel::update(import_job::table.find((account.get(), job.get())));
            let update = update.set(changes).returning(ImportJobRow::as_returning());
            let row = update.get_result(connection)?;
            let batch = auditing::job_changed(before, row.clone()).map_err(corrupt_row)?;
            audit_trail::write(connection, &batch)?;
            let tallies = tallies(connection, account.get(), [row.id])?;
            Ok(Ok((row, tallies)))
        };
        let (row, tallies) = self.write(operation, work).await??;
        Ok(row::job(row, tallies)?)
    }
}

/// The job, where the account has it.
pub(super) fn find(
    connection: &mut SqliteConnection,
    account: AccountId,
    job: JobId,
) -> QueryResult<Result<ImportJobRow, JobChangeError>> {
    let row = import_job::table.find((account.get(), job.get()));
    let row = row.select(ImportJobRow::as_select()).get_result(connection).optional()?;
    Ok(row.ok_or(JobChangeError::Missing))
}
