//! Port: the rows of a job, as the worker sees them that has its lease.

use async_trait::async_trait;

use super::{Lease, LeaseError};
use crate::Timestamp;
use crate::external_id::ExternalCustomerId;
use crate::instrument::Instrument;
use crate::job::{FailureReason, JobState, RowPlace, RowTarget, RunMode, ScanPiece, Tally};

/// A row without an outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingRow {
    /// Its line.
    pub line: u64,
    /// What it asks for.
    pub target: RowTarget,
    /// Whether the account has its customer.
    pub customer_known: bool,
}

/// What was found out about a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The line of the row.
    pub line: u64,
    /// What it asked for.
    pub target: RowTarget,
    /// What the vault has.
    pub found: Found,
}

/// What the vault has for a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// These, one or more, no two of one id.
    Instruments(Vec<Instrument>),
    /// Nothing.
    Nothing {
        /// Why not.
        reason: FailureReason,
        /// The same in words.
        detail: String,
    },
}

/// What is written in one go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settlement {
    /// About these rows.
    pub findings: Vec<Finding>,
    /// The pieces of the scan, as they stand when it is written.
    pub pieces: Vec<ScanPiece>,
    /// How many calls of the vault it took.
    pub vault_calls: u64,
}

/// What writing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The outcomes of the rows.
    pub tally: Tally,
    /// Where the job stands now.
    pub state: JobState,
}

/// How far an undoing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undoing {
    /// How many payment methods were deleted by this step.
    pub deleted: u64,
    /// The last line that was looked at; `None` where there was none left.
    pub last: Option<u64>,
    /// Where the job stands now.
    pub state: JobState,
}

/// The rows of a job that is worked on.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait JobWork: Send + Sync {
    /// Rows without an outcome, by their [place](RowPlace), as many as asked for, from the one
    /// after this on.
    ///
    /// # Errors
    /// Each kind of [`LeaseError`].
    async fn pending(
        &self,
        lease: &Lease,
        after: Option<RowPlace>,
        most: u32,
    ) -> Result<Vec<PendingRow>, LeaseError>;

    /// The rows without an outcome that ask for something of these customers of the vault, by
    /// their place.
    ///
    /// # Errors
    /// Each kind of [`LeaseError`].
    async fn pending_of(
        &self,
        lease: &Lease,
        customers: &[ExternalCustomerId],
    ) -> Result<Vec<PendingRow>, LeaseError>;

    /// The pieces of the scan, by number.
    ///
    /// # Errors
    /// Each kind of [`LeaseError`].
    async fn pieces(&self, lease: &Lease) -> Result<Vec<ScanPiece>, LeaseError>;

    /// Writes what was found: payment methods, outcomes, pieces of the scan, the job's counts, all
    /// of it or nothing, durable when this returns. A row that has its outcome already keeps it,
    /// and nothing is imported for it. A row whose customer the account does not have fails, and
    /// no other row because of it. In a [dry run](RunMode::DryRun) no payment method is written.
    ///
    /// Payment methods are saved as [`PaymentMethodStore::save`](super::PaymentMethodStore::save)
    /// does it without a default.
    ///
    /// # Errors
    /// Each kind of [`LeaseError`].
    async fn settle(
        &self,
        lease: &Lease,
        mode: RunMode,
        settlement: &Settlement,
        at: Timestamp,
    ) -> Result<Settled, LeaseError>;

    /// Looks at some rows by line, from the one after this on, and deletes the payment methods
    /// that they [brought in](crate::job::RowOutcome::brought_in) and nobody has deleted since;
    /// their rows are marked. One that has become its customer's default while there are others
    /// stays, unmarked.
    ///
    /// # Errors
    /// Each kind of [`LeaseError`].
    async fn undo(
        &self,
        lease: &Lease,
        after: Option<u64>,
        most: u32,
        at: Timestamp,
    ) -> Result<Undoing, LeaseError>;
}
