//! Use case: find out which way of reading the vault is the cheapest for a job.

mod vault_size;

use std::sync::Arc;

use thiserror::Error;

pub use vault_size::VaultSize;

use crate::job::{Job, Plan, Rates};
use crate::ports::{ImportJobStore, StoreError, VaultCatalog, VaultError, Wanted};

/// Finds out which way of reading the vault is the cheapest for a job.
#[derive(Clone)]
pub struct PlanImport {
    /// Who knows what is wanted.
    pub jobs: Arc<dyn ImportJobStore>,
    /// Who knows how large the vault is.
    pub catalog: Arc<dyn VaultCatalog>,
    /// How many calls the vault takes.
    pub rates: Rates,
}

/// There is no plan.
#[derive(Debug, Error)]
pub enum PlanImportError {
    /// The vault does not say how large it is.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PlanImport {
    /// Each way to read what the job still wants, and its cost. The vault is asked how large it
    /// is, in some thirty calls.
    ///
    /// # Errors
    /// Each kind of [`PlanImportError`].
    pub async fn run(&self, job: &Job) -> Result<Plan, PlanImportError> {
        let wanted = Wanted::find(self.jobs.as_ref(), job.account, job.id).await?;
        let scope = &job.options.vault;
        let size = VaultSize::find(self.catalog.as_ref(), scope).await?;
        let (cards, reading) = (job.options.cards, job.options.reading);
        Ok(Plan::new(wanted, Some(size.customers), cards, reading, self.rates))
    }
}

#[cfg(test)]
mod tests;
