mod change;
mod rows;

use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::audit::told;
use cardlift_core::external_id::ExternalCustomerId;
use cardlift_core::job::{
    Job, JobAction, JobId, JobOptions, JobRow, JobState, NewJobRow, OutcomeFilter,
};
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::ports::{ImportJobStore, JobChangeError, StoreError, WantedPart};
use cardlift_sql::row::{
    self, BrokenOff, ImportJobRow, ImportRow, JobChanges, NewImportJobRow, jobs, line_column,
    outcome_names, rows_after,
};
use cardlift_sql::schema::{import_job, import_row};
use cardlift_sql::wanted::{WANTED, WantedColumns, customer_column};
use cardlift_sql::{Instant, auditing};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::audit_trail;
use super::import_tally::tallies;
use crate::Sqlite;
use crate::error::corrupt_row;

#[async_trait]
impl ImportJobStore for Sqlite {
    async fn create_job(
        &self,
        account: AccountId,
        options: &JobOptions,
        at: Timestamp,
    ) -> Result<Job, StoreError> {
        let new = NewImportJobRow::new(account, options, at);
        let work = move |connection: &mut SqliteConnection| {
            let insert = diesel::insert_into(import_job::table).values(new);
            let row = insert.returning(ImportJobRow::as_returning()).get_result(connection)?;
            let job = row::job(row, Vec::new()).map_err(corrupt_row)?;
            audit_trail::write(connection, &told::job_created(&job))?;
            Ok(job)
        };
        self.write("create_job", work).await
    }

    async fn append(
        &self,
        account: AccountId,
        job: JobId,
        rows: &[NewJobRow],
        at: Timestamp,
    ) -> Result<(), JobChangeError> {
        let rows = rows.to_vec();
        let work = move |connection: &mut SqliteConnection| {
            rows::append(connection, account, job, &rows, at)
        };
        self.write("append_rows", work).await?
    }

    async fn act(
        &self,
        account: AccountId,
        job: JobId,
        action: JobAction,
        at: Timestamp,
    ) -> Result<Job, JobChangeError> {
        let changes = move |row: &ImportJobRow| JobChanges::by_action(row, action, at);
        self.change_job("act_on_job", account, job, changes).await
    }

    async fn break_off(
        &self,
        account: AccountId,
        job: JobId,
        at: Timestamp,
    ) -> Result<Job, JobChangeError> {
        let changes = move |row: &ImportJobRow| JobChanges::by_break_off(row, at);
        self.change_job("break_job_off", account, job, changes).await
    }

    async fn break_off_silent(
        &self,
        since: Timestamp,
        at: Timestamp,
    ) -> Result<Vec<JobId>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let silent = import_job::table
                .filter(import_job::state.eq(JobState::Receiving.name()))
                .filter(import_job::updated_at.lt(Instant(since)));
            let broken = diesel::update(silent).set(BrokenOff::new(at));
            let broken: Vec<ImportJobRow> =
                broken.returning(ImportJobRow::as_returning()).load(connection)?;
            let ids = broken.iter().map(|job| job.id).collect();
            for batch in auditing::jobs_broken_off(broken).map_err(corrupt_row)? {
                audit_trail::write(connection, &batch)?;
            }
            Ok(ids)
        };
        row::job_ids(self.write("break_silent_jobs_off", work).await?)
    }

    async fn forget_failures(
        &self,
        account: AccountId,
        job: JobId,
        after: Option<u64>,
        at: Timestamp,
    ) -> Result<Option<u64>, JobChangeError> {
        let work = move |connection: &mut SqliteConnection| {
            rows::forget_failures(connection, account, job, after, at)
        };
        let last = self.write("forget_failures", work).await??;
        Ok(last.map(row::line_number).transpose()?)
    }

    async fn wanted(
        &self,
        account: AccountId,
        job: JobId,
        after: Option<ExternalCustomerId>,
    ) -> Result<WantedPart, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let query = diesel::sql_query(WANTED);
            let query = query.bind::<BigInt, _>(account.get()).bind::<BigInt, _>(job.get());
            let query = query.bind::<Text, _>(customer_column(after.as_ref()));
            query.get_result::<WantedColumns>(connection)
        };
        self.read("wanted_of_job", work).await?.try_into()
    }

    async fn find_job(&self, account: AccountId, job: JobId) -> Result<Option<Job>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            // The counts are of the same moment.
            connection.transaction(|connection| {
                let row = import_job::table.find((account.get(), job.get()));
                let row = row.select(ImportJobRow::as_select()).get_result(connection);
                let row = row.optional()?;
                let Some(row) = row else { return Ok(None) };
                let tallies = tallies(connection, account.get(), [row.id])?;
                Ok(Some((row, tallies)))
            })
        };
        let found = self.read("find_job", work).await?;
        found.map(|(row, tallies)| row::job(row, tallies)).transpose()
    }

    async fn list_jobs(
        &self,
        account: AccountId,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<Job>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let of_account = import_job::table.filter(import_job::account_id.eq(account.get()));
            let rows = of_account.select(ImportJobRow::as_select()).into_boxed();
            let rows = match order {
                SortOrder::Ascending => rows.order(import_job::id.asc()),
                SortOrder::Descending => rows.order(import_job::id.desc()),
            };
            let rows = rows.limit(page.size().into()).offset(page.offset());
            connection.transaction(|connection| {
                let rows: Vec<ImportJobRow> = rows.load(connection)?;
                let ids = rows.iter().map(|row| row.id);
                let tallies = tallies(connection, account.get(), ids)?;
                let total: i64 = of_account.count().get_result(connection)?;
                Ok((rows, tallies, total))
            })
        };
        let (rows, tallies, total) = self.read("list_jobs", work).await?;
        let total = u64::try_from(total).unwrap_or_default();
        Ok(Page { items: jobs(rows, tallies)?, total })
    }

    async fn results(
        &self,
        account: AccountId,
        job: JobId,
        filter: OutcomeFilter,
        after: Option<(u64, u32)>,
        most: u32,
    ) -> Result<Vec<JobRow>, StoreError> {
        // Lines count from 1.
        let (line, part) = after.unwrap_or_default();
        let part = i32::try_from(part).unwrap_or(i32::MAX);
        let work = move |connection: &mut SqliteConnection| {
            let rows = rows_after(account.get(), job.get(), line_column(line), part).into_boxed();
            let rows = match outcome_names(filter) {
                Some(names) => rows.filter(import_row::outcome.eq_any(names)),
                None if filter == OutcomeFilter::Pending => {
                    rows.filter(import_row::outcome.is_null())
                }
                None => rows,
            };
            let rows = rows.order((import_row::line, import_row::part)).limit(most.into());
            rows.select(ImportRow::as_select()).load(connection)
        };
        let rows = self.read("results_of_job", work).await?.into_iter();
        rows.map(TryInto::try_into).collect()
    }
}
