use cardlift_core::Timestamp;
use cardlift_core::job::{
    FailureReason, HaltReason, JobAction, JobRow, JobState, NewJobRow, RowContent, RowOutcome,
    Tally,
};
use cardlift_core::ports::{JobChangeError, StoreError, StoreErrorKind};

use super::Entry;

/// How many rows one step of forgetting looks at.
const STEP: usize = 2_000;

impl Entry {
    pub(super) fn append(
        &mut self,
        rows: &[NewJobRow],
        at: Timestamp,
    ) -> Result<(), JobChangeError> {
        self.require(&[JobState::Receiving])?;
        let last = self.rows.last_key_value().map(|((line, _), _)| *line);
        let lines: Vec<_> = last.into_iter().chain(rows.iter().map(|row| row.line)).collect();
        if !lines.is_sorted_by(|one, next| one < next) {
            let disorder = "the lines are not greater than those that are there";
            return Err(StoreError::new(StoreErrorKind::Failed, disorder).into());
        }
        for row in rows {
            self.add(row);
        }
        self.job.updated_at = at;
        Ok(())
    }

    pub(super) fn act(&mut self, action: JobAction, at: Timestamp) -> Result<(), JobChangeError> {
        self.require_possible(action)?;
        match action {
            JobAction::Start { canary } => self.job.canary = canary,
            JobAction::Resume if self.job.canary.is_some_and(|rows| self.job.settled >= rows) => {
                self.job.canary = None;
            }
            JobAction::Retry => {
                self.job.canary = None;
                self.job.finished_at = None;
            }
            // Whoever still imports would otherwise import behind the undoing.
            JobAction::Undo if self.job.state != JobState::Undoing => self.held_until = None,
            JobAction::Seal
            | JobAction::Pause
            | JobAction::Resume
            | JobAction::Cancel
            | JobAction::Undo => {}
        }
        self.job.state = action.to();
        if self.job.state == JobState::Running {
            self.job.started_at.get_or_insert(at);
        }
        if self.job.halt != Some(HaltReason::UploadBroken) {
            self.job.halt = None;
        }
        self.job.updated_at = at;
        Ok(())
    }

    pub(super) fn break_off(&mut self, at: Timestamp) -> Result<(), JobChangeError> {
        self.require(&[JobState::Receiving])?;
        self.job.state = JobState::Cancelled;
        self.job.halt = Some(HaltReason::UploadBroken);
        self.job.updated_at = at;
        Ok(())
    }

    pub(super) fn forget_failures(
        &mut self,
        after: Option<u64>,
        at: Timestamp,
    ) -> Result<Option<u64>, JobChangeError> {
        self.require_possible(JobAction::Retry)?;
        let lines = self.lines(after, STEP);
        let forgotten: Tally = lines.iter().filter_map(|line| self.forget(*line)).collect();
        let left = |(outcome, count)| (outcome, count - forgotten.of(outcome));
        self.job.tally = self.job.tally.iter().map(left).collect();
        self.job.settled -= forgotten.total();
        self.job.updated_at = at;
        Ok(lines.last().copied())
    }

    fn require(&self, states: &[JobState]) -> Result<(), JobChangeError> {
        if states.contains(&self.job.state) {
            Ok(())
        } else {
            Err(JobChangeError::State(self.job.state))
        }
    }

    fn require_possible(&self, action: JobAction) -> Result<(), JobChangeError> {
        let broken = self.job.halt == Some(HaltReason::UploadBroken);
        if broken && action == JobAction::Retry {
            return Err(JobChangeError::State(self.job.state));
        }
        self.require(action.from())
    }

    fn add(&mut self, new: &NewJobRow) {
        let mut row = JobRow {
            line: new.line,
            part: 0,
            target: None,
            outcome: None,
            field: None,
            detail: None,
            payment_method: None,
            undone: false,
        };
        match &new.content {
            RowContent::Target(target) => {
                row.target = Some(target.clone());
                if self.places.insert(target.place()) {
                    self.pending.insert(target.place(), new.line);
                } else {
                    row.outcome = Some(RowOutcome::Failed(FailureReason::DuplicateRow));
                    row.detail = Some("An earlier row asks for the same.".into());
                }
            }
            RowContent::Invalid { field, problem } => {
                row.outcome = Some(RowOutcome::Failed(FailureReason::InvalidRow));
                row.field.clone_from(field);
                row.detail = Some(problem.clone());
            }
        }
        if let Some(outcome) = row.outcome {
            self.job.settled += 1;
            self.job.tally.add(outcome, 1);
        }
        self.job.rows += 1;
        self.rows.insert((new.line, 0), row);
    }

    /// Takes the outcome from a row whose failure may change, and returns it.
    fn forget(&mut self, line: u64) -> Option<RowOutcome> {
        let row = self.rows.get_mut(&(line, 0))?;
        let outcome = row.outcome.filter(|outcome| outcome.may_change())?;
        let place = row.target.as_ref()?.place();
        row.outcome = None;
        row.detail = None;
        self.pending.insert(place, line);
        Some(outcome)
    }
}
