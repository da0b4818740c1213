//! Use case: compare what a job brought in with what the vault has now.

mod details;
mod group;
mod rows;
mod vault_side;

use std::sync::Arc;

use thiserror::Error;

use self::rows::{Groups, Rows};
use self::vault_side::VaultSide;
use super::VaultSize;
use crate::customer::CustomerId;
use crate::external_id::{ExternalCardId, ExternalCustomerId};
use crate::job::{Job, JobId, RunMode};
use crate::payment_method::PaymentMethodId;
use crate::ports::{
    CardVault, ImportJobStore, PaymentMethodStore, Source, StoreError, VaultCatalog, VaultError,
};
use crate::vault_pages::CustomerPages;

/// So few customers of the vault are asked for one by one, however many it has.
const FEW: usize = 200;

/// Compares what a job brought in with what the vault has now.
#[derive(Clone)]
pub struct Reconcile {
    /// The rows.
    pub jobs: Arc<dyn ImportJobStore>,
    /// What we have.
    pub payment_methods: Arc<dyn PaymentMethodStore>,
    /// What the vault has, card by card.
    pub vault: Arc<dyn CardVault>,
    /// The same, list by list.
    pub catalog: Arc<dyn VaultCatalog>,
}

/// Something that is not the same here and there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The line of the row that it was found by.
    pub line: u64,
    /// The billing system's customer.
    pub customer: CustomerId,
    /// The vault's.
    pub external_customer: ExternalCustomerId,
    /// The vault's card, where it can be told.
    pub external_card: Option<ExternalCardId>,
    /// Ours, where we have one.
    pub payment_method: Option<PaymentMethodId>,
    /// What is not the same.
    pub kind: DifferenceKind,
}

/// What is not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DifferenceKind {
    /// The vault has a card that a row means, and its customer has no payment method of it.
    MissingHere,
    /// The job brought in a payment method that is still there, and the vault has it no more.
    MissingThere,
    /// These details of it: names, no values. `unreadable` where the vault's answer can't be
    /// understood.
    Differs(Vec<&'static str>),
}

/// How far it came, and what was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// How many results of the job were compared.
    pub compared: u64,
    /// How many cards are missing here.
    pub missing_here: u64,
    /// How many are missing in the vault.
    pub missing_there: u64,
    /// How many differ.
    pub differing: u64,
}

/// It was not compared to the end.
#[derive(Debug, Error)]
pub enum ReconcileError {
    /// The job wrote no payment methods.
    #[error("Job {0} was a dry run: there is nothing to compare.")]
    DryRun(JobId),
    /// The vault did not answer.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was found could not be passed on.
    #[error("what was found can't be written")]
    Told(#[source] Source),
}

/// Is given what was found, and how far it came.
pub type Tell<'a> = dyn FnMut(Reconciled, Vec<Difference>) -> Result<(), Source> + Send + 'a;

impl Reconcile {
    /// Whether there is anything to compare: to be asked before anything is made for it.
    ///
    /// # Errors
    /// [`ReconcileError::DryRun`].
    pub const fn require_comparable(job: &Job) -> Result<(), ReconcileError> {
        match job.options.mode {
            RunMode::Import => Ok(()),
            RunMode::DryRun => Err(ReconcileError::DryRun(job.id)),
        }
    }

    /// Compares the results of a job that succeeded, whatever became of them since. `tell` is given what was
    /// found customer by customer, with how far it came.
    ///
    /// The vault is scanned where that takes fewer calls than to ask for each customer. Memory
    /// holds the ids of some of the rows at a time, and one customer of the vault with a page.
    ///
    /// # Errors
    /// Each kind of [`ReconcileError`]; [`ReconcileError::Told`] where `tell` fails.
    pub async fn run(&self, job: &Job, tell: &mut Tell<'_>) -> Result<Reconciled, ReconcileError> {
        Self::require_comparable(job)?;
        let mut comparison = Comparison { with: self, job, found: Reconciled::default() };
        let mut rows = Rows::default();
        let mut vault_calls = None;
        while let Some(mut groups) = rows.next(self.jobs.as_ref(), job).await? {
            if groups.len() > FEW {
                let scan = match vault_calls {
                    Some(calls) => calls,
                    None => *vault_calls.insert(self.calls_of_a_scan(job).await?),
                };
                if u64::try_from(groups.len()).is_ok_and(|calls| scan < calls) {
                    comparison.scan(&mut groups, tell).await?;
                }
            }
            // Those that a scan did not find as well: so it is certain that they are gone.
            for (customer, rows) in groups {
                let there = VaultSide::unknown(self, job, customer);
                comparison.compare(there, rows, tell).await?;
            }
        }
        Ok(comparison.found)
    }

    async fn calls_of_a_scan(&self, job: &Job) -> Result<u64, VaultError> {
        let size = VaultSize::find(self.catalog.as_ref(), &job.options.vault).await?;
        Ok(size.customers.div_ceil(100))
    }
}

/// A comparison that is under way.
struct Comparison<'a> {
    with: &'a Reconcile,
    job: &'a Job,
    found: Reconciled,
}

impl Comparison<'_> {
    /// Compares those of these groups whose customers the vault lists, and takes them out.
    async fn scan(
        &mut self,
        groups: &mut Groups,
        tell: &mut Tell<'_>,
    ) -> Result<(), ReconcileError> {
        let (scope, mut pages) = (self.job.options.vault.clone(), CustomerPages::all());
        while !groups.is_empty() {
            let page = pages.next(self.with.catalog.as_ref(), &scope).await?;
            let Some(customers) = page else { break };
            for customer in customers {
                if let Some(rows) = groups.remove(&customer.id) {
                    let there = VaultSide::seen(self.with, self.job, customer);
                    self.compare(there, rows, tell).await?;
                }
            }
        }
        Ok(())
    }

    async fn compare(
        &mut self,
        there: VaultSide<'_>,
        rows: Vec<rows::Row>,
        tell: &mut Tell<'_>,
    ) -> Result<(), ReconcileError> {
        self.found.compared += u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let differences = group::compare(self.with, self.job, there, rows).await?;
        for difference in &differences {
            *match difference.kind {
                DifferenceKind::MissingHere => &mut self.found.missing_here,
                DifferenceKind::MissingThere => &mut self.found.missing_there,
                DifferenceKind::Differs(_) => &mut self.found.differing,
            } += 1;
        }
        tell(self.found, differences).map_err(ReconcileError::Told)
    }
}

#[cfg(test)]
mod tests;
