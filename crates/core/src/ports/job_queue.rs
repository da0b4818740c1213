//! Port: which worker is at which job.

use async_trait::async_trait;
use thiserror::Error;

use super::StoreError;
use crate::Timestamp;
use crate::account::AccountId;
use crate::job::{HaltReason, Job, JobId, JobState};
use crate::vault::VaultAccount;

/// Who works on jobs: a name that no other process has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WorkerId(pub String);

/// The right to work on a job. Its token is greater than that of each lease of the job before it:
/// what is written under an older one is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Whose the job is.
    pub account: AccountId,
    /// The job.
    pub job: JobId,
    /// The fencing token.
    pub token: i64,
}

/// Somebody else has the job now, or may have it. Nothing was written.
#[derive(Debug, Error)]
pub enum LeaseError {
    /// The lease is not the job's latest, or was given back or taken away. Nor is one good that was
    /// over when another job of its account of the vault was handed out, nor renewed where the job's
    /// account is disabled.
    #[error("the lease of the job was lost, to another worker or since its account is disabled")]
    Lost,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How a worker leaves a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// As it is: it was paused or cancelled, or somebody else is to take it up.
    AsItIs,
    /// Nothing is left to do: it is finished, or undone.
    Done,
    /// It can't go on by itself: it is paused.
    Halted(HaltReason),
}

/// Hands jobs out to workers. One account of the vault is driven by one worker at a time, so that
/// its limits hold.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait JobQueue: Send + Sync {
    /// Takes the oldest job that [has work](JobState::is_at_work), whose account is not disabled, and
    /// whose account of the vault no worker has a lease in, until that time. A lease that is over is as good as none. Of
    /// workers at once, each job is given to one. Who asks for one job alone gets that or none.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn acquire(
        &self,
        worker: &WorkerId,
        only: Option<JobId>,
        at: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(Lease, Job)>, StoreError>;

    /// Keeps a lease until a later time, and says where the job stands: it may have been paused.
    ///
    /// # Errors
    /// Each kind of [`LeaseError`].
    async fn renew(&self, lease: &Lease, until: Timestamp) -> Result<JobState, LeaseError>;

    /// Gives a lease back, and leaves the job so. A job that was paused or cancelled meanwhile
    /// stays that, but for one that is [`Leave::Done`] with every row.
    ///
    /// # Errors
    /// Each kind of [`LeaseError`].
    async fn leave(&self, lease: &Lease, how: Leave, at: Timestamp) -> Result<(), LeaseError>;

    /// Which account of the vault a worker is at, and which job, for whoever waits for a turn.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn at_work(
        &self,
        vault: &VaultAccount,
        at: Timestamp,
    ) -> Result<Option<JobId>, StoreError>;
}
