//! Port: import jobs, as those see them who make and watch them.

use async_trait::async_trait;
use thiserror::Error;

use super::StoreError;
use crate::Timestamp;
use crate::account::AccountId;
use crate::external_id::ExternalCustomerId;
use crate::job::{Job, JobAction, JobId, JobOptions, JobRow, JobState, NewJobRow, OutcomeFilter};
use crate::page::{Page, PageRequest, SortOrder};

/// Why a job was not changed. Nothing was written.
#[derive(Debug, Error)]
pub enum JobChangeError {
    /// The account has no such job.
    #[error("the job does not exist")]
    Missing,
    /// It is in another state than it would have to be.
    #[error("the job is {}", .0.name())]
    State(JobState),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Import jobs and their rows.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait ImportJobStore: Send + Sync {
    /// Makes a job without rows, which receives them. Not idempotent: each call makes one.
    ///
    /// # Errors
    /// [`StoreError`] of any kind; [`Failed`](super::StoreErrorKind::Failed) for an account that
    /// does not exist.
    async fn create_job(
        &self,
        account: AccountId,
        options: &JobOptions,
        at: Timestamp,
    ) -> Result<Job, StoreError>;

    /// Adds rows to a job that receives them, all of them or none. What is wrong with a row by
    /// itself is its outcome at once: one that can't be understood, and one that asks for the same
    /// as an earlier row of the job. The lines must be greater than those that are there. To add no
    /// rows says that more are to come.
    ///
    /// # Errors
    /// Each kind of [`JobChangeError`].
    async fn append(
        &self,
        account: AccountId,
        job: JobId,
        rows: &[NewJobRow],
        at: Timestamp,
    ) -> Result<(), JobChangeError>;

    /// Leads a job from one of the [states](JobAction::from) that the action is possible in to the
    /// one it [leads to](JobAction::to), and returns it. A job that is resumed pauses by itself no
    /// more if it has done so. Of actions at once that exclude each other
    /// one is carried out. A reason to halt that stood there is gone, but for one that says that
    /// the rows did not all come. An [undoing](JobAction::Undo) that begins takes the job from the
    /// worker that is at it, which could import behind it.
    ///
    /// # Errors
    /// Each kind of [`JobChangeError`].
    async fn act(
        &self,
        account: AccountId,
        job: JobId,
        action: JobAction,
        at: Timestamp,
    ) -> Result<Job, JobChangeError>;

    /// Notes that the rows of a job did not all come: it is cancelled, and can't be started.
    ///
    /// # Errors
    /// Each kind of [`JobChangeError`].
    async fn break_off(
        &self,
        account: AccountId,
        job: JobId,
        at: Timestamp,
    ) -> Result<Job, JobChangeError>;

    /// Notes the same of each job, of whichever account, that receives rows and that nothing was
    /// [appended](Self::append) to since this moment, not even no rows; returns them. A batch that
    /// comes at once is there as a whole, and keeps its job; or it is refused.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn break_off_silent(
        &self,
        since: Timestamp,
        at: Timestamp,
    ) -> Result<Vec<JobId>, StoreError>;

    /// Looks at some thousands of rows by line, from the one after this on, of a job that no
    /// worker is at, and takes their outcomes from those that failed and [may
    /// change](crate::job::RowOutcome::may_change). Returns the last line that it looked at; `None`
    /// where there was none left.
    ///
    /// # Errors
    /// Each kind of [`JobChangeError`]; [`JobChangeError::State`] for a job that is none of those
    /// that [`JobAction::Retry`] is possible in.
    async fn forget_failures(
        &self,
        account: AccountId,
        job: JobId,
        after: Option<u64>,
        at: Timestamp,
    ) -> Result<Option<u64>, JobChangeError>;

    /// What the rows without an outcome ask for of the next customers of the vault, by their ids,
    /// from the one after this on: of so many that about ten thousand rows are looked at. How many
    /// rows a job has must not be felt in how long a call takes. [`Wanted::find`] asks for all.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn wanted(
        &self,
        account: AccountId,
        job: JobId,
        after: Option<ExternalCustomerId>,
    ) -> Result<WantedPart, StoreError>;

    /// The job of this id.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn find_job(&self, account: AccountId, job: JobId) -> Result<Option<Job>, StoreError>;

    /// A page of the account's jobs, by their ids.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn list_jobs(
        &self,
        account: AccountId,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<Job>, StoreError>;

    /// Rows of a job by line and part, as many as asked for, from the one after this line and part
    /// on. Another account's job has none.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn results(
        &self,
        account: AccountId,
        job: JobId,
        filter: OutcomeFilter,
        after: Option<(u64, u32)>,
        most: u32,
    ) -> Result<Vec<JobRow>, StoreError>;
}

/// What rows without an outcome ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// So many rows.
    pub rows: u64,
    /// Of so many customers of the vault.
    pub customers: u64,
    /// In so many lists of theirs: a customer's sources, its payment methods (`pm_..`), and its
    /// default are one each.
    pub lists: u64,
}

/// What those ask for that want something of some customers of the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedPart {
    /// All that is asked for of these customers.
    pub wanted: Wanted,
    /// The last of the customers; `None` where none is after them.
    pub last: Option<ExternalCustomerId>,
}

impl Wanted {
    /// What the rows of a job without an outcome ask for, counted part by part.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    pub async fn find(
        jobs: &dyn ImportJobStore,
        account: AccountId,
        job: JobId,
    ) -> Result<Self, StoreError> {
        let (mut all, mut after) = (Self::default(), None);
        loop {
            let WantedPart { wanted, last } = jobs.wanted(account, job, after).await?;
            all.rows += wanted.rows;
            all.customers += wanted.customers;
            all.lists += wanted.lists;
            if last.is_none() {
                return Ok(all);
            }
            after = last;
        }
    }
}
