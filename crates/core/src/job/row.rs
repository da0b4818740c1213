//! The rows of a job.

use super::RowOutcome;
use crate::customer::CustomerId;
use crate::external_id::{ExternalCardId, ExternalCustomerId};
use crate::payment_method::PaymentMethodId;

/// A row as it comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJobRow {
    /// The line of the file that it begins on, from 1: no other row of the job has it.
    pub line: u64,
    /// What it asks for, or what is wrong with it.
    pub content: RowContent,
}

/// What a row asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowContent {
    /// A card, or the default or all of them, for a customer.
    Target(RowTarget),
    /// It can't be told.
    Invalid {
        /// The field that is wrong, where it is one.
        field: Option<String>,
        /// What is wrong, in words that repeat nothing of the row.
        problem: String,
    },
}

/// Which card is to be imported for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowTarget {
    /// The vault's customer.
    pub external_customer: ExternalCustomerId,
    /// The vault's card; `None` leaves it to the vault's customer.
    pub external_card: Option<ExternalCardId>,
    /// The billing system's customer.
    pub customer: CustomerId,
    /// The same as it was given: `007`.
    pub customer_as_given: String,
}

/// Where a row stands in the order in which rows are worked on: by the vault's customer, so that
/// all that is wanted of one comes together. No two rows of a job that are worked on have one
/// place: the later one is a duplicate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowPlace {
    /// The vault's customer.
    pub external_customer: ExternalCustomerId,
    /// The vault's card; rows that leave it to the customer come first.
    pub external_card: Option<ExternalCardId>,
    /// The billing system's customer.
    pub customer: CustomerId,
}

impl RowTarget {
    /// Where a row with this stands.
    #[must_use]
    pub fn place(&self) -> RowPlace {
        RowPlace {
            external_customer: self.external_customer.clone(),
            external_card: self.external_card.clone(),
            customer: self.customer,
        }
    }
}

/// A row with what became of it. A row that brought several cards is there once for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// The line of the file.
    pub line: u64,
    /// Which of the cards of this row, from 0.
    pub part: u32,
    /// What it asks for; `None` where that can't be told.
    pub target: Option<RowTarget>,
    /// What became of it; `None` as long as nothing did.
    pub outcome: Option<RowOutcome>,
    /// The field that is wrong, where it is one.
    pub field: Option<String>,
    /// What there is to say of a failure.
    pub detail: Option<String>,
    /// The payment method that it brought or found. In a dry run, the one that is there.
    pub payment_method: Option<PaymentMethodId>,
    /// Whether undoing the job deleted that payment method.
    pub undone: bool,
}
