//! Use cases of import jobs: make, watch, start, pause, resume, cancel, retry, undo.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use thiserror::Error;

use super::ImportFrom;
use crate::account::AccountId;
use crate::job::{
    CardChoice, Job, JobAction, JobId, JobOptions, JobRow, JobState, NewJobRow, NotNow,
    OutcomeFilter, ReadingChoice, RunMode,
};
use crate::page::{Page, PageRequest, SortOrder};
use crate::ports::{
    AccountRepository, Clock, ImportJobStore, JobChangeError, StoreError, StoreErrorKind,
};
use crate::vault::VaultAccount;

/// Makes and watches import jobs. What it starts is carried out by whoever works on the jobs.
#[derive(Clone)]
pub struct ImportJobs {
    /// Who knows the connected account of each account.
    pub accounts: Arc<dyn AccountRepository>,
    /// The jobs.
    pub jobs: Arc<dyn ImportJobStore>,
    /// Says when.
    pub clock: Arc<dyn Clock>,
}

/// What a job is to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NewImportJob {
    /// Where in the vault to look.
    pub from: ImportFrom,
    /// Which cards of a vault customer are meant.
    pub cards: CardChoice,
    /// Whether anything is written.
    pub mode: RunMode,
    /// How the vault is read.
    pub reading: ReadingChoice,
}

/// Why nothing was done. Nothing was written.
#[derive(Debug, Error)]
pub enum ImportJobError {
    /// The account has no such job.
    #[error("Job {0} not found.")]
    NotFound(JobId),
    /// The job is in no state for this.
    #[error(transparent)]
    NotNow(#[from] NotNow),
    /// The account has no connected account to read.
    #[error("This account has no connected Stripe account: its operator has to set one.")]
    NotConnected,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How long nothing is heard of a file that is on its way before nobody believes any more that it
/// comes. Many [signs of life](ImportJobs::SIGN_OF_LIFE), so that a store that is out of reach for a
/// while, and clocks that are minutes apart, cost no job.
const SILENCE: TimeDelta = TimeDelta::minutes(10);

impl ImportJobs {
    /// Whoever adds rows to a job adds some at least so often, or [says](Self::show_life) that more
    /// are to come: else the job is taken for one that nobody adds any to.
    pub const SIGN_OF_LIFE: Duration = Duration::from_secs(60);

    /// Makes a job, which waits for its rows.
    ///
    /// # Errors
    /// [`ImportJobError::NotConnected`] and [`ImportJobError::Store`].
    pub async fn create(
        &self,
        account: AccountId,
        new: NewImportJob,
    ) -> Result<Job, ImportJobError> {
        let NewImportJob { from, cards, mode, reading } = new;
        let vault = match from {
            ImportFrom::OwnAccount => VaultAccount::own(account),
            ImportFrom::ConnectedAccount => {
                let found = self.accounts.get(account).await?;
                let connected = found.and_then(|account| account.connected_account);
                let connected = connected.ok_or(ImportJobError::NotConnected)?;
                VaultAccount::connected(account, connected)
            }
        };
        let options = JobOptions { vault, cards, mode, reading };
        Ok(self.jobs.create_job(account, &options, self.clock.now()).await?)
    }

    /// Adds rows to a job that waits for them.
    ///
    /// # Errors
    /// Each kind of [`ImportJobError`] but [`ImportJobError::NotConnected`].
    pub async fn append(
        &self,
        account: AccountId,
        job: JobId,
        rows: &[NewJobRow],
    ) -> Result<(), ImportJobError> {
        let appended = self.jobs.append(account, job, rows, self.clock.now()).await;
        appended.map_err(|error| refused(job, "given more rows", error))
    }

    /// Says that more rows of a job are to come. A store that is out of reach hears it the next time.
    ///
    /// # Errors
    /// Each kind of [`ImportJobError`] but [`ImportJobError::NotConnected`].
    pub async fn show_life(&self, account: AccountId, job: JobId) -> Result<(), ImportJobError> {
        match self.append(account, job, &[]).await {
            Err(ImportJobError::Store(error)) if error.kind() == StoreErrorKind::Unavailable => {
                Ok(())
            }
            shown => shown,
        }
    }

    /// Notes that the rows of a job did not all come: it can't be started.
    ///
    /// # Errors
    /// Each kind of [`ImportJobError`] but [`ImportJobError::NotConnected`].
    pub async fn break_off(&self, account: AccountId, job: JobId) -> Result<Job, ImportJobError> {
        let broken = self.jobs.break_off(account, job, self.clock.now()).await;
        broken.map_err(|error| refused(job, "broken off", error))
    }

    /// Breaks off the jobs, of whichever account, that wait for rows which nobody adds any more,
    /// because whoever took the file was killed; returns them.
    ///
    /// # Errors
    /// [`ImportJobError::Store`].
    pub async fn break_off_silent(&self) -> Result<Vec<JobId>, ImportJobError> {
        let now = self.clock.now();
        Ok(self.jobs.break_off_silent(now - SILENCE, now).await?)
    }

    /// Does something with a job. To start it with a canary of some rows, say how many: rows that
    /// are settled already, because they can't be understood, are not counted.
    ///
    /// # Errors
    /// Each kind of [`ImportJobError`] but [`ImportJobError::NotConnected`].
    pub async fn act(
        &self,
        account: AccountId,
        id: JobId,
        action: JobAction,
    ) -> Result<Job, ImportJobError> {
        let refused = |error| refused(id, action.done(), error);
        let action = match action {
            JobAction::Start { canary: Some(rows) } => {
                let settled = self.find(account, id).await?.settled;
                JobAction::Start { canary: Some(settled.saturating_add(rows)) }
            }
            JobAction::Retry => {
                self.forget_failures(account, id).await?;
                JobAction::Retry
            }
            action => action,
        };
        match self.jobs.act(account, id, action, self.clock.now()).await {
            // It has not all of its rows, so it must never be started.
            Err(JobChangeError::State(JobState::Receiving)) if action == JobAction::Cancel => {
                self.break_off(account, id).await
            }
            acted => acted.map_err(refused),
        }
    }

    /// The job of this id.
    ///
    /// # Errors
    /// [`ImportJobError::NotFound`] and [`ImportJobError::Store`].
    pub async fn find(&self, account: AccountId, job: JobId) -> Result<Job, ImportJobError> {
        self.jobs.find_job(account, job).await?.ok_or(ImportJobError::NotFound(job))
    }

    /// A page of the account's jobs.
    ///
    /// # Errors
    /// [`ImportJobError::Store`].
    pub async fn list(
        &self,
        account: AccountId,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<Job>, ImportJobError> {
        Ok(self.jobs.list_jobs(account, order, page).await?)
    }

    /// The next rows of a job with what became of them, by line and part.
    ///
    /// # Errors
    /// [`ImportJobError::Store`].
    pub async fn results(
        &self,
        account: AccountId,
        job: JobId,
        filter: OutcomeFilter,
        after: Option<(u64, u32)>,
        most: u32,
    ) -> Result<Vec<JobRow>, ImportJobError> {
        Ok(self.jobs.results(account, job, filter, after, most).await?)
    }

    async fn forget_failures(&self, account: AccountId, job: JobId) -> Result<(), ImportJobError> {
        let mut after = None;
        loop {
            let forgot = self.jobs.forget_failures(account, job, after, self.clock.now()).await;
            after = forgot.map_err(|error| refused(job, JobAction::Retry.done(), error))?;
            if after.is_none() {
                return Ok(());
            }
        }
    }
}

fn refused(job: JobId, done: &'static str, error: JobChangeError) -> ImportJobError {
    match error {
        JobChangeError::Missing => ImportJobError::NotFound(job),
        JobChangeError::State(state) => NotNow { job, state, done }.into(),
        JobChangeError::Store(error) => error.into(),
    }
}

#[cfg(test)]
mod tests;
