#![expect(clippy::ref_option_ref, reason = "the derived code takes optional texts so")]

use cardlift_core::Timestamp;
use cardlift_core::job::{HaltReason, JobAction, JobState};
use cardlift_core::ports::{JobChangeError, Leave, StoreError};
use diesel::prelude::*;

use super::ImportJobRow;
use crate::Instant;
use crate::schema::import_job;

/// What is set when a job goes from one state to another. It is worked out from the row, which
/// nobody else may write meanwhile.
#[derive(AsChangeset)]
#[diesel(table_name = import_job, treat_none_as_null = true)]
pub struct JobChanges {
    state: &'static str,
    halt: Option<&'static str>,
    canary: Option<i64>,
    lease_worker: Option<String>,
    lease_until: Option<Instant>,
    started_at: Option<Instant>,
    finished_at: Option<Instant>,
    updated_at: Instant,
}

/// What is set when the rows of a job do not all come: a job that receives them has no more to
/// lose.
#[derive(AsChangeset)]
#[diesel(table_name = import_job)]
pub struct BrokenOff {
    state: &'static str,
    halt: &'static str,
    updated_at: Instant,
}

impl BrokenOff {
    /// At this moment.
    #[must_use]
    pub const fn new(at: Timestamp) -> Self {
        let (state, halt) = (JobState::Cancelled.name(), HaltReason::UploadBroken.name());
        Self { state, halt, updated_at: Instant(at) }
    }
}

impl JobChanges {
    /// What an action does to this job.
    ///
    /// # Errors
    /// [`JobChangeError::State`] where it is not possible,
    /// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a row that is none.
    pub fn by_action(
        row: &ImportJobRow,
        action: JobAction,
        at: Timestamp,
    ) -> Result<Self, JobChangeError> {
        let former = row.require_possible(action)?;
        let mut changes = Self::nothing(row)?.into_state(action.to(), at);
        match action {
            JobAction::Start { canary } => {
                // A greater number of rows than fits is more than there can be.
                changes.canary = canary.map(|rows| i64::try_from(rows).unwrap_or(i64::MAX));
            }
            // One that was stopped in its canary still has it before it.
            JobAction::Resume if row.canary.is_some_and(|canary| row.settled >= canary) => {
                changes.canary = None;
            }
            JobAction::Retry => {
                changes.canary = None;
                changes.finished_at = None;
            }
            // Whoever still imports would otherwise import behind the undoing.
            JobAction::Undo if former != JobState::Undoing => changes = changes.without_lease(),
            JobAction::Seal
            | JobAction::Pause
            | JobAction::Resume
            | JobAction::Cancel
            | JobAction::Undo => {}
        }
        if action.to() == JobState::Running {
            changes.started_at = changes.started_at.or(Some(Instant(at)));
        }
        if changes.halt != Some(HaltReason::UploadBroken.name()) {
            changes.halt = None;
        }
        Ok(changes)
    }

    /// What it does to this job that its rows do not all come.
    ///
    /// # Errors
    /// [`JobChangeError::State`] for a job that receives none,
    /// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a row that is none.
    pub fn by_break_off(row: &ImportJobRow, at: Timestamp) -> Result<Self, JobChangeError> {
        row.require(&[JobState::Receiving])?;
        let changes = Self::nothing(row)?.into_state(JobState::Cancelled, at);
        Ok(Self { halt: Some(HaltReason::UploadBroken.name()), ..changes })
    }

    /// What it does to this job that its worker leaves it so.
    ///
    /// # Errors
    /// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a row that is none.
    pub fn by_leaving(row: &ImportJobRow, how: Leave, at: Timestamp) -> Result<Self, StoreError> {
        let changes = Self::nothing(row)?.without_lease();
        let all_settled = row.settled >= row.rows;
        Ok(match (how, row.state()?) {
            (Leave::Done, JobState::Undoing) => changes.into_state(JobState::Undone, at),
            (Leave::Done, JobState::Running | JobState::Paused | JobState::Cancelled)
                if all_settled =>
            {
                let changes = changes.into_state(JobState::Finished, at);
                Self { finished_at: Some(Instant(at)), ..changes }
            }
            (Leave::Halted(reason), JobState::Running) => {
                let changes = changes.into_state(JobState::Paused, at);
                Self { halt: Some(reason.name()), ..changes }
            }
            _ => changes,
        })
    }

    fn nothing(row: &ImportJobRow) -> Result<Self, StoreError> {
        Ok(Self {
            state: row.state()?.name(),
            halt: row.halt()?.map(HaltReason::name),
            canary: row.canary,
            lease_worker: row.lease_worker.clone(),
            lease_until: row.lease_until,
            started_at: row.started_at,
            finished_at: row.finished_at,
            updated_at: row.updated_at,
        })
    }

    fn into_state(self, state: JobState, at: Timestamp) -> Self {
        Self { state: state.name(), updated_at: Instant(at), ..self }
    }

    fn without_lease(self) -> Self {
        Self { lease_worker: None, lease_until: None, ..self }
    }
}

impl ImportJobRow {
    /// The state of this job, where it is one of these.
    ///
    /// # Errors
    /// [`JobChangeError::State`] where it is another,
    /// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) where it is none.
    pub fn require(&self, states: &[JobState]) -> Result<JobState, JobChangeError> {
        let state = self.state()?;
        if states.contains(&state) { Ok(state) } else { Err(JobChangeError::State(state)) }
    }

    /// The state of this job, where this is possible in it. A job whose rows did not all come is
    /// not tried again.
    ///
    /// # Errors
    /// [`JobChangeError::State`] where it is another,
    /// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a row that is none.
    pub fn require_possible(&self, action: JobAction) -> Result<JobState, JobChangeError> {
        let broken = self.halt()? == Some(HaltReason::UploadBroken);
        if broken && action == JobAction::Retry {
            return Err(JobChangeError::State(self.state()?));
        }
        self.require(action.from())
    }
}
