//! Import jobs: many cards, imported from a file's rows.

mod action;
mod options;
mod outcome;
mod pace;
mod plan;
mod row;
mod scan_piece;
mod tally;

pub use action::{JobAction, NotNow};
pub use options::{CardChoice, JobOptions, ReadingChoice, RunMode};
pub use outcome::{FailureReason, OutcomeFilter, RowOutcome};
pub use pace::{Pace, Speed};
pub use plan::{Plan, Rates, Way, WayEstimate};
pub use row::{JobRow, NewJobRow, RowContent, RowPlace, RowTarget};
pub use scan_piece::{PieceId, ScanPiece};
pub use tally::Tally;

use crate::Timestamp;
use crate::account::AccountId;
use crate::id::positive_id;

positive_id! {
    /// The id of an import job, unique over all accounts.
    JobId
}

/// A job as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Whose it is.
    pub account: AccountId,
    /// Its id.
    pub id: JobId,
    /// What it is to do.
    pub options: JobOptions,
    /// Where it stands.
    pub state: JobState,
    /// Why it is paused or cancelled, where it was not by somebody.
    pub halt: Option<HaltReason>,
    /// How many rows have come.
    pub rows: u64,
    /// How many of them have their outcome.
    pub settled: u64,
    /// What became of them. A row that brought several cards is counted once for each.
    pub tally: Tally,
    /// After how many settled rows it pauses by itself.
    pub canary: Option<u64>,
    /// How many calls of the vault were spent on what is in the tally.
    pub vault_calls: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was first started.
    pub started_at: Option<Timestamp>,
    /// When its last row was settled.
    pub finished_at: Option<Timestamp>,
    /// When something of it last changed.
    pub updated_at: Timestamp,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Its rows are coming in.
    Receiving,
    /// All rows are there, and nobody has started it.
    Ready,
    /// Its rows are imported, or wait for their turn.
    Running,
    /// It was stopped, and can go on.
    Paused,
    /// Every row has its outcome.
    Finished,
    /// It was given up. What it imported stays.
    Cancelled,
    /// What it created is being deleted.
    Undoing,
    /// What it created is deleted.
    Undone,
}

/// Why a job stopped by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HaltReason {
    /// So many rows were to be tried first, and they have been.
    CanaryDone,
    /// The vault does not accept our credentials, or not for this.
    VaultRefused,
    /// The vault was out of reach for too long.
    VaultUnavailable,
    /// The vault's lists can't be understood, or are refused.
    VaultUnreadable,
    /// Its rows did not all come.
    UploadBroken,
    /// The database refuses what is to be written, or holds what can't be understood.
    StoreFailed,
}

impl Job {
    /// How many rows have no outcome yet.
    #[must_use]
    pub const fn pending(&self) -> u64 {
        self.rows.saturating_sub(self.settled)
    }
}

impl JobState {
    /// Each of them.
    pub const ALL: [Self; 8] = [
        Self::Receiving,
        Self::Ready,
        Self::Running,
        Self::Paused,
        Self::Finished,
        Self::Cancelled,
        Self::Undoing,
        Self::Undone,
    ];

    /// Its name, which is stable.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Finished => "finished",
            Self::Cancelled => "cancelled",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether a worker has something to do for it.
    #[must_use]
    pub const fn is_at_work(self) -> bool {
        matches!(self, Self::Running | Self::Undoing)
    }
}

impl HaltReason {
    /// Each of them.
    pub const ALL: [Self; 6] = [
        Self::CanaryDone,
        Self::VaultRefused,
        Self::VaultUnavailable,
        Self::VaultUnreadable,
        Self::UploadBroken,
        Self::StoreFailed,
    ];

    /// Its name, which is stable.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CanaryDone => "canary_done",
            Self::VaultRefused => "vault_refused",
            Self::VaultUnavailable => "vault_unavailable",
            Self::VaultUnreadable => "vault_unreadable",
            Self::UploadBroken => "upload_broken",
            Self::StoreFailed => "store_failed",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_by_its_name() {
        for state in JobState::ALL {
            assert_eq!(JobState::from_name(state.name()), Some(state));
        }
        for reason in HaltReason::ALL {
            assert_eq!(HaltReason::from_name(reason.name()), Some(reason));
        }
        assert_eq!(JobState::from_name("lost"), None);
    }
}
