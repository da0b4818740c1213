mod append;
mod change;
mod forget;

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
    BrokenOff, ImportJobRow, ImportRow, JobChanges, NewImportJobRow, job_ids, jobs, line_column,
    outcome_names, rows_after,
};
use cardlift_sql::schema::{import_job, import_row};
use cardlift_sql::wanted::{WANTED, WantedColumns, customer_column};
use cardlift_sql::{Instant, auditing};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel_async::{AsyncConnection, RunQueryDsl};

use super::audit_trail;
use super::import_rows::{tallies, with_tally};
use crate::Postgres;
use crate::error::{Abort, from_diesel};

#[async_trait]
impl ImportJobStore for Postgres {
    async fn create_job(
        &self,
        account: AccountId,
        options: &JobOptions,
        at: Timestamp,
    ) -> Result<Job, StoreError> {
        self.call("create_job", async {
            let mut connection = self.connection_for(account).await?;
            let new = NewImportJobRow::new(account, options, at);
            let insert = diesel::insert_into(import_job::table).values(new);
            let insert = insert.returning(ImportJobRow::as_returning());
            let created = connection.transaction(async |connection| {
                let row = insert.get_result(connection).await?;
                let job = cardlift_sql::row::job(row, Vec::new()).map_err(Abort::Port)?;
                audit_trail::write(connection, &told::job_created(&job)).await?;
                Ok(job)
            });
            created.await.map_err(Abort::into_port)
        })
        .await
    }

    async fn append(
        &self,
        account: AccountId,
        job: JobId,
        rows: &[NewJobRow],
        at: Timestamp,
    ) -> Result<(), JobChangeError> {
        self.call("append_rows", async {
            let mut connection = self.connection_for(account).await?;
            let appended = connection.transaction(async |connection| {
                append::append(connection, account, job, rows, at).await
            });
            appended.await.map_err(Abort::into_port)
        })
        .await
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
        self.call("break_silent_jobs_off", async {
            // Whatever job it is whose rows come no more.
            let mut connection = self.connection_across().await?;
            let silent = import_job::table
                .filter(import_job::state.eq(JobState::Receiving.name()))
                .filter(import_job::updated_at.lt(Instant(since)));
            let broken = diesel::update(silent).set(BrokenOff::new(at));
            let broken = broken.returning(ImportJobRow::as_returning());
            let broken = connection.transaction(async |connection| {
                let rows: Vec<ImportJobRow> = broken.load(connection).await?;
                let ids = rows.iter().map(|row| row.id).collect();
                let ids = job_ids(ids).map_err(Abort::Port)?;
                for told in auditing::jobs_broken_off(rows).map_err(Abort::Port)? {
                    audit_trail::write(connection, &told).await?;
                }
                Ok(ids)
            });
            broken.await.map_err(Abort::into_port)
        })
        .await
    }

    async fn forget_failures(
        &self,
        account: AccountId,
        job: JobId,
        after: Option<u64>,
        at: Timestamp,
    ) -> Result<Option<u64>, JobChangeError> {
        self.call("forget_failures", async {
            let mut connection = self.connection_for(account).await?;
            let forgotten = connection.transaction(async |connection| {
                forget::forget_failures(connection, account, job, after, at).await
            });
            forgotten.await.map_err(Abort::into_port)
        })
        .await
    }

    async fn wanted(
        &self,
        account: AccountId,
        job: JobId,
        after: Option<ExternalCustomerId>,
    ) -> Result<WantedPart, StoreError> {
        self.call("wanted_of_job", async {
            let mut connection = self.connection_for(account).await?;
            let query = diesel::sql_query(WANTED);
            let query = query.bind::<BigInt, _>(account.get()).bind::<BigInt, _>(job.get());
            let query = query.bind::<Text, _>(customer_column(after.as_ref()));
            let wanted = query.get_result::<WantedColumns>(&mut connection).await;
            wanted.map_err(from_diesel)?.try_into()
        })
        .await
    }

    async fn find_job(&self, account: AccountId, job: JobId) -> Result<Option<Job>, StoreError> {
        self.call("find_job", async {
            let mut connection = self.connection_for(account).await?;
            // The counts are of the same moment.
            let mut snapshot = connection.build_transaction().repeatable_read().read_only();
            let found = snapshot.run(async |connection| {
                let row = import_job::table.find((account.get(), job.get()));
                let row = row.select(ImportJobRow::as_select()).first(connection).await;
                match row.optional()? {
                    Some(row) => with_tally(connection, row).await.map(Some),
                    None => Ok(None),
                }
            });
            found.await.map_err(from_diesel)?.transpose()
        })
        .await
    }

    async fn list_jobs(
        &self,
        account: AccountId,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<Job>, StoreError> {
        self.call("list_jobs", async {
            let mut connection = self.connection_for(account).await?;
            let of_account = import_job::table.filter(import_job::account_id.eq(account.get()));
            let rows = of_account.select(ImportJobRow::as_select()).into_boxed();
            let rows = match order {
                SortOrder::Ascending => rows.order(import_job::id.asc()),
                SortOrder::Descending => rows.order(import_job::id.desc()),
            };
            let rows = rows.limit(page.size().into()).offset(page.offset());
            let mut snapshot = connection.build_transaction().repeatable_read().read_only();
            let found = snapshot.run(async |connection| {
                let rows: Vec<ImportJobRow> = rows.load(connection).await?;
                let ids = rows.iter().map(|row| row.id);
                let tallies = tallies(connection, account.get(), ids).await?;
                let total: i64 = of_account.count().get_result(connection).await?;
                Ok((rows, tallies, total))
            });
            let (rows, tallies, total) = found.await.map_err(from_diesel)?;
            let total = u64::try_from(total).unwrap_or_default();
            Ok(Page { items: jobs(rows, tallies)?, total })
        })
        .await
    }

    async fn results(
        &self,
        account: AccountId,
        job: JobId,
        filter: OutcomeFilter,
        after: Option<(u64, u32)>,
        most: u32,
    ) -> Result<Vec<JobRow>, StoreError> {
        self.call("results_of_job", async {
            let mut connection = self.connection_for(account).await?;
            // Lines count from 1.
            let (line, part) = after.unwrap_or_default();
            let part = i32::try_from(part).unwrap_or(i32::MAX);
            let rows = rows_after(account.get(), job.get(), line_column(line), part).into_boxed();
            let rows = match outcome_names(filter) {
                Some(names) => rows.filter(import_row::outcome.eq_any(names)),
                None if filter == OutcomeFilter::Pending => {
                    rows.filter(import_row::outcome.is_null())
                }
                None => rows,
            };
            let rows = rows.order((import_row::line, import_row::part)).limit(most.into());
            let rows = rows.select(ImportRow::as_select()).load(&mut connection).await;
            rows.map_err(from_diesel)?.into_iter().map(TryInto::try_into).collect()
        })
        .await
    }
}
