//! The rows of a job that brought something in, some at a time, by the vault's customer.

use std::collections::BTreeMap;

use crate::customer::CustomerId;
use crate::external_id::{ExternalCardId, ExternalCustomerId};
use crate::job::{FailureReason, Job, JobRow, OutcomeFilter, RowOutcome};
use crate::payment_method::PaymentMethodId;
use crate::ports::{ImportJobStore, StoreError};

/// How many rows are held at a time. For each so many the vault may be scanned once.
const HELD: u64 = 100_000;

/// How many are read at a time.
const BATCH: u32 = 5_000;

/// A row that brought something in, or one of several things.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) line: u64,
    /// Which of its results: what the row asks for is asked for by the first.
    pub(super) part: u32,
    pub(super) customer: CustomerId,
    pub(super) external_card: Option<ExternalCardId>,
    pub(super) payment_method: Option<PaymentMethodId>,
}

/// Rows by the vault's customer.
pub(super) type Groups = BTreeMap<ExternalCustomerId, Vec<Row>>;

/// Reads the rows, from the first line on.
#[derive(Debug, Default)]
pub(super) struct Rows {
    after: Option<(u64, u32)>,
}

impl Rows {
    /// The next rows; `None` when there are no more.
    pub(super) async fn next(
        &mut self,
        jobs: &dyn ImportJobStore,
        job: &Job,
    ) -> Result<Option<Groups>, StoreError> {
        let (mut groups, mut held) = (Groups::new(), 0);
        while held < HELD {
            let (every, after) = (OutcomeFilter::Every, self.after);
            let rows = jobs.results(job.account, job.id, every, after, BATCH).await?;
            let Some(last) = rows.last() else { break };
            self.after = Some((last.line, last.part));
            for (customer, row) in rows.into_iter().filter_map(wanted) {
                groups.entry(customer).or_default().push(row);
                held += 1;
            }
        }
        Ok((!groups.is_empty()).then_some(groups))
    }
}

/// What a row asks for, whether it was had or not; not for a customer of ours that there is not, and
/// not twice.
fn wanted(row: JobRow) -> Option<(ExternalCustomerId, Row)> {
    let JobRow { line, part, target, outcome, payment_method, .. } = row;
    let not_compared = matches!(
        outcome,
        Some(RowOutcome::Failed(FailureReason::CustomerNotFound | FailureReason::DuplicateRow))
    );
    let target = target.filter(|_| !not_compared)?;
    let (customer, external_card) = (target.customer, target.external_card);
    Some((target.external_customer, Row { line, part, customer, external_card, payment_method }))
}
