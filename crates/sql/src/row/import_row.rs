#![expect(missing_docs, reason = "the macro names the functions' types, and gives them no doc")]

use cardlift_core::job::{JobRow, OutcomeFilter, RowOutcome};
use cardlift_core::payment_method::PaymentMethodId;
use cardlift_core::ports::StoreError;
use diesel::prelude::*;

use super::TargetColumns;
use super::tally::outcome_named;
use crate::corrupt;
use crate::schema::import_row::{self, dsl};

/// A row of a job with what became of it, read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = import_row)]
pub struct ImportRow {
    line: i64,
    part: i32,
    #[diesel(embed)]
    target: TargetColumns,
    outcome: Option<String>,
    field: Option<String>,
    detail: Option<String>,
    payment_method_id: Option<i64>,
    undone: bool,
}

impl TryFrom<ImportRow> for JobRow {
    type Error = StoreError;

    fn try_from(row: ImportRow) -> Result<Self, StoreError> {
        let payment_method = row.payment_method_id.map(PaymentMethodId::try_from).transpose();
        Ok(Self {
            line: line_number(row.line)?,
            part: u32::try_from(row.part).map_err(wrong)?,
            target: row.target.into_target()?,
            outcome: row.outcome.as_deref().map(outcome_named).transpose()?,
            field: row.field,
            detail: row.detail,
            payment_method: payment_method.map_err(wrong)?,
            undone: row.undone,
        })
    }
}

/// The rows and parts of a job that come after this line and part.
#[must_use]
#[diesel::dsl::auto_type]
pub fn rows_after(account: i64, job: i64, line: i64, part: i32) -> _ {
    dsl::import_row
        .filter(dsl::account_id.eq(account))
        .filter(dsl::job_id.eq(job))
        // The index is read from this line on; where there is but an `or`, it is not.
        .filter(dsl::line.ge(line))
        .filter(dsl::line.gt(line).or(dsl::part.gt(part)))
}

/// The lines of the rows of a job that come after this one, in their order.
#[must_use]
#[diesel::dsl::auto_type]
pub fn lines_after(account: i64, job: i64, line: i64) -> _ {
    dsl::import_row
        .filter(dsl::account_id.eq(account))
        .filter(dsl::job_id.eq(job))
        .filter(dsl::line.gt(line))
        .filter(dsl::part.eq(0_i32))
        .order(dsl::line.asc())
        .select(dsl::line)
}

/// The names of the outcomes that a filter wants; `None` where it is not by name.
#[must_use]
pub fn outcome_names(filter: OutcomeFilter) -> Option<Vec<&'static str>> {
    match filter {
        OutcomeFilter::Every | OutcomeFilter::Pending => None,
        OutcomeFilter::Failed => Some(names(RowOutcome::is_failure)),
        OutcomeFilter::Only(outcome) => Some(vec![outcome.name()]),
    }
}

/// The names of the outcomes that trying again may change.
#[must_use]
pub fn changeable_outcomes() -> Vec<&'static str> {
    names(RowOutcome::may_change)
}

fn names(wanted: fn(RowOutcome) -> bool) -> Vec<&'static str> {
    RowOutcome::ALL.into_iter().filter(|outcome| wanted(*outcome)).map(RowOutcome::name).collect()
}

/// A line as a column holds it. No file has more lines than fit.
#[must_use]
pub fn line_column(line: u64) -> i64 {
    i64::try_from(line).unwrap_or(i64::MAX)
}

/// A line, from its column.
///
/// # Errors
/// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for one below zero.
pub fn line_number(line: i64) -> Result<u64, StoreError> {
    u64::try_from(line).map_err(wrong)
}

fn wrong(why: impl std::fmt::Display) -> StoreError {
    corrupt("import_row", why)
}
