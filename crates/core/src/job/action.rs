//! What can be done with a job, and when.

use thiserror::Error;

use super::{JobId, JobState};

/// Something that somebody does with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobAction {
    /// All of its rows have come.
    Seal,
    /// Start it; after so many rows it pauses by itself, where a number is given.
    Start {
        /// How many rows are tried first.
        canary: Option<u64>,
    },
    /// Stop it, so that it can go on.
    Pause,
    /// Let it go on to its end.
    Resume,
    /// Give it up.
    Cancel,
    /// Try the rows that failed again.
    Retry,
    /// Delete what it created.
    Undo,
}

/// A job is not in a state for this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Job {job} is {}: it can't be {done}.", .state.name())]
pub struct NotNow {
    /// The job.
    pub job: JobId,
    /// Where it stands.
    pub state: JobState,
    /// What was asked for: `paused`.
    pub done: &'static str,
}

impl JobAction {
    /// The states that it is possible in.
    #[must_use]
    pub const fn from(self) -> &'static [JobState] {
        use JobState::{Cancelled, Finished, Paused, Ready, Receiving, Running, Undoing};
        match self {
            Self::Seal => &[Receiving],
            Self::Start { .. } => &[Ready],
            Self::Pause => &[Running],
            Self::Resume => &[Paused],
            Self::Cancel => &[Ready, Running, Paused],
            // Of one that has rows without an outcome, those would be tried with it.
            Self::Retry => &[Finished],
            // An undoing that was cut off is taken up again.
            Self::Undo => &[Finished, Paused, Cancelled, Undoing],
        }
    }

    /// The state that it leads to.
    #[must_use]
    pub const fn to(self) -> JobState {
        match self {
            Self::Seal => JobState::Ready,
            Self::Start { .. } | Self::Resume | Self::Retry => JobState::Running,
            Self::Pause => JobState::Paused,
            Self::Cancel => JobState::Cancelled,
            Self::Undo => JobState::Undoing,
        }
    }

    /// What is done to the job: `paused`.
    #[must_use]
    pub const fn done(self) -> &'static str {
        match self {
            Self::Seal => "sealed",
            Self::Start { .. } => "started",
            Self::Pause => "paused",
            Self::Resume => "resumed",
            Self::Cancel => "cancelled",
            Self::Retry => "retried",
            Self::Undo => "undone",
        }
    }

    /// After how many rows it pauses by itself.
    #[must_use]
    pub const fn canary(self) -> Option<u64> {
        match self {
            Self::Start { canary } => canary,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_to_the_state_it_came_from_but_an_undoing_taken_up_again() {
        let all = [
            JobAction::Seal,
            JobAction::Start { canary: None },
            JobAction::Pause,
            JobAction::Resume,
            JobAction::Cancel,
            JobAction::Retry,
        ];
        for action in all {
            assert!(!action.from().contains(&action.to()), "{action:?}");
        }
        assert!(JobAction::Undo.from().contains(&JobState::Undoing));
    }

    #[test]
    fn what_is_not_possible_says_why() {
        let job = JobId::try_from(7).expect("an id");
        let error = NotNow { job, state: JobState::Finished, done: JobAction::Pause.done() };
        assert_eq!(error.to_string(), "Job 7 is finished: it can't be paused.");
    }
}
