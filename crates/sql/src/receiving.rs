//! Rows that come in to a job.

use std::collections::HashSet;

use cardlift_core::account::AccountId;
use cardlift_core::job::{JobId, NewJobRow};
use diesel::QueryResult;

use crate::row::{NewImportRow, line_column};

/// Rows that come in together.
pub struct Batch {
    /// Those that are worked on, unless another one asks for the same; by line.
    pub targets: Vec<NewImportRow>,
    /// Those that have failed already.
    pub failures: Vec<NewImportRow>,
}

impl Batch {
    /// These rows of a job, whose last one so far is on this line.
    ///
    /// # Errors
    /// The lines are not greater than those that are there.
    pub fn new(
        account: AccountId,
        job: JobId,
        rows: &[NewJobRow],
        last: Option<i64>,
    ) -> QueryResult<Self> {
        let new = rows.iter().map(|row| line_column(row.line));
        if !last.into_iter().chain(new).is_sorted_by(|one, next| one < next) {
            let why = "the lines are not greater than those that are there";
            return Err(diesel::result::Error::SerializationError(why.into()));
        }
        let rows = rows.iter().map(|row| NewImportRow::new(account, job, row));
        let (targets, failures) = rows.partition(|row| row.is_target);
        Ok(Self { targets, failures })
    }

    /// All that failed, once the targets on these lines were added: for the others there was one
    /// that asks for the same.
    #[must_use]
    pub fn into_failures(self, added: &HashSet<i64>) -> Vec<NewImportRow> {
        let Self { targets, mut failures } = self;
        let duplicates = targets.into_iter().filter(|row| !added.contains(&row.line));
        failures.extend(duplicates.map(NewImportRow::into_duplicate));
        failures
    }
}
