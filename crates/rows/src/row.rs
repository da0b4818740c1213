//! A row, and what can be wrong with it.

use cardlift_core::customer::CustomerId;
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId, InvalidExternalId};
use cardlift_core::job::{NewJobRow, RowContent, RowTarget};
use thiserror::Error;

use crate::lines::LONGEST;

/// The columns, or members, as they are documented.
pub(crate) const CUSTOMER: &str = "customerId";
pub(crate) const EXTERNAL_CUSTOMER: &str = "stripeCustomerId";
pub(crate) const EXTERNAL_CARD: &str = "stripeCardId";

/// A row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line that it begins on, from 1.
    pub line: u64,
    /// What it asks for, or why it can't be told.
    pub content: Result<RowTarget, RowProblem>,
}

/// What is wrong with a row. Nothing of the row is in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RowProblem {
    /// A field that must be there is not, or is blank.
    #[error("{0} is required.")]
    Missing(&'static str),
    /// A member that may be left out is, and another is called nearly so.
    #[error("another member is nearly called {0}: it must be called so, or left out.")]
    Alike(&'static str),
    /// A member is there twice.
    #[error("{0} must be given once.")]
    Twice(&'static str),
    /// A customer that is no whole number from 1 to 2^63 - 1.
    #[error("customerId must be a whole number from 1 to 9223372036854775807.")]
    Customer,
    /// An id that the vault can't have.
    #[error("{field} {problem}.")]
    External {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        problem: InvalidExternalId,
    },
    /// More or fewer fields than the header has.
    #[error("the row has {found} fields, and the header has {expected}.")]
    Fields {
        /// So many has the row.
        found: usize,
        /// So many has the header.
        expected: usize,
    },
    /// A quoted field that does not end, or goes on after its quote.
    #[error("a quote is not closed, or something stands after it.")]
    Quote,
    /// A row longer than 16 KiB.
    #[error("the row is longer than {LONGEST} bytes.")]
    TooLong,
    /// Bytes that are no text.
    #[error("the row is not UTF-8.")]
    NotUtf8,
    /// A line that is no JSON object.
    #[error("the line is no JSON object with ids that are texts or whole numbers.")]
    NotAnObject,
}

impl RowProblem {
    /// The field that is wrong, where it is one.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Missing(field)
            | Self::Alike(field)
            | Self::Twice(field)
            | Self::External { field, .. } => Some(field),
            Self::Customer => Some(CUSTOMER),
            _ => None,
        }
    }
}

impl From<Row> for NewJobRow {
    fn from(row: Row) -> Self {
        let content = match row.content {
            Ok(target) => RowContent::Target(target),
            Err(problem) => RowContent::Invalid {
                field: problem.field().map(str::to_owned),
                problem: problem.to_string(),
            },
        };
        Self { line: row.line, content }
    }
}

/// The ids in three texts, of which blank ones are none.
pub(crate) fn target(
    customer: &str,
    external_customer: &str,
    external_card: &str,
) -> Result<RowTarget, RowProblem> {
    let given = required(CUSTOMER, customer)?;
    let digits = given.bytes().all(|byte| byte.is_ascii_digit());
    let id = given.parse::<i64>().ok().filter(|_| digits);
    let id = id.and_then(|id| CustomerId::try_from(id).ok()).ok_or(RowProblem::Customer)?;
    let external_customer = required(EXTERNAL_CUSTOMER, external_customer)?;
    let external_customer = ExternalCustomerId::parse(external_customer)
        .map_err(|problem| RowProblem::External { field: EXTERNAL_CUSTOMER, problem })?;
    let external_card = match external_card.trim() {
        "" => None,
        card => Some(
            ExternalCardId::parse(card)
                .map_err(|problem| RowProblem::External { field: EXTERNAL_CARD, problem })?,
        ),
    };
    let customer_as_given = given.to_owned();
    Ok(RowTarget { external_customer, external_card, customer: id, customer_as_given })
}

fn required<'a>(field: &'static str, text: &'a str) -> Result<&'a str, RowProblem> {
    match text.trim() {
        "" => Err(RowProblem::Missing(field)),
        text => Ok(text),
    }
}
