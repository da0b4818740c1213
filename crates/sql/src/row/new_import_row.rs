#![expect(clippy::ref_option_ref, reason = "the derived code takes optional texts so")]

use cardlift_core::account::AccountId;
use cardlift_core::job::{FailureReason, JobId, NewJobRow, RowContent, RowOutcome, Tally};
use diesel::prelude::*;

use super::{TargetColumns, line_column};
use crate::schema::import_row;

/// A row of a job, or a part of one, to be added.
#[derive(Clone, Insertable)]
#[diesel(table_name = import_row, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the columns say what they are")]
pub struct NewImportRow {
    pub account_id: i64,
    pub job_id: i64,
    pub line: i64,
    pub part: i32,
    #[diesel(embed)]
    pub target: TargetColumns,
    pub is_target: bool,
    pub outcome: Option<&'static str>,
    pub field: Option<String>,
    pub detail: Option<String>,
    pub payment_method_id: Option<i64>,
    pub undone: bool,
}

impl NewImportRow {
    /// A row that came in: it is worked on, or has failed already.
    #[must_use]
    pub fn new(account: AccountId, job: JobId, row: &NewJobRow) -> Self {
        let new = Self {
            account_id: account.get(),
            job_id: job.get(),
            line: line_column(row.line),
            part: 0,
            target: TargetColumns::default(),
            is_target: false,
            outcome: None,
            field: None,
            detail: None,
            payment_method_id: None,
            undone: false,
        };
        match &row.content {
            RowContent::Target(target) => Self { target: target.into(), is_target: true, ..new },
            RowContent::Invalid { field, problem } => Self {
                field: field.clone(),
                ..new.failed(FailureReason::InvalidRow, problem.clone())
            },
        }
    }

    /// The same where an earlier row asks for the same.
    #[must_use]
    pub fn into_duplicate(self) -> Self {
        let failed = self
            .failed(FailureReason::DuplicateRow, "An earlier row asks for the same.".to_owned());
        Self { is_target: false, ..failed }
    }

    fn failed(self, reason: FailureReason, detail: String) -> Self {
        let outcome = RowOutcome::Failed(reason).name();
        Self { outcome: Some(outcome), detail: Some(detail), ..self }
    }
}

/// What became of these rows.
#[must_use]
pub fn tally_of(rows: &[NewImportRow]) -> Tally {
    rows.iter().filter_map(|row| RowOutcome::from_name(row.outcome?)).collect()
}
