use cardlift_core::job::{RowOutcome, Tally};
use cardlift_core::payment_method::SaveOutcome;
use cardlift_core::ports::Lease;

use super::draft::{Brings, Part};
use super::{Draft, Save, Saves};
use crate::row::{NewImportRow, line_column};

/// What became of the rows of a settlement.
pub struct Results {
    /// The rows and their further parts. The rows are there, and take what became of them from
    /// here; the parts are added.
    pub rows: Vec<NewImportRow>,
    /// How often there is which outcome.
    pub tally: Tally,
}

impl Results {
    /// How many rows have their outcome now.
    #[must_use]
    pub fn settled(&self) -> i64 {
        let rows = self.rows.iter().filter(|row| row.part == 0).count();
        i64::try_from(rows).unwrap_or(i64::MAX)
    }
}

impl Draft<'_> {
    /// What became of each row, now that the payment methods are saved, or compared in a dry run.
    #[must_use]
    pub fn into_results(self, lease: &Lease, saves: &Saves) -> Results {
        let results = self.parts.into_iter().map(|part| part.into_result(lease, saves));
        let (outcomes, rows): (Vec<RowOutcome>, _) = results.unzip();
        Results { rows, tally: outcomes.into_iter().collect() }
    }
}

impl Part<'_> {
    fn into_result(self, lease: &Lease, saves: &Saves) -> (RowOutcome, NewImportRow) {
        let (outcome, detail, payment_method_id) = match self.brings {
            Brings::Nothing(reason, detail) => (RowOutcome::Failed(reason), Some(detail), None),
            Brings::Card(key) => {
                let Save { outcome, id } = saves.of(&key);
                (row_outcome(outcome), None, id)
            }
            Brings::Again(key) => (RowOutcome::Unchanged, None, saves.of(&key).id),
        };
        let row = NewImportRow {
            account_id: lease.account.get(),
            job_id: lease.job.get(),
            line: line_column(self.finding.line),
            part: self.number,
            target: (&self.finding.target).into(),
            is_target: false,
            outcome: Some(outcome.name()),
            field: None,
            detail,
            payment_method_id,
            undone: false,
        };
        (outcome, row)
    }
}

const fn row_outcome(outcome: SaveOutcome) -> RowOutcome {
    match outcome {
        SaveOutcome::Imported => RowOutcome::Imported,
        SaveOutcome::Restored => RowOutcome::Restored,
        SaveOutcome::Updated => RowOutcome::Updated,
        SaveOutcome::Unchanged => RowOutcome::Unchanged,
    }
}
