//! A vault that is asked again for as long as there is hope: for those who read much of it without
//! a job, and whom nobody wants to begin again.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;
use cardlift_core::ports::{
    CardVault, CustomerRange, Holding, HoldingKind, VaultCatalog, VaultCustomer, VaultError,
    VaultPage,
};
use cardlift_core::vault::VaultAccount;

use crate::BulkVault;
use crate::patience::{Asked, Patience};

/// Asks another vault again, where that may help.
pub struct PatientVault {
    vault: Arc<dyn BulkVault>,
    patience: Patience,
}

impl PatientVault {
    /// Asks this one, until it has been out of reach for so long.
    #[must_use]
    pub fn new(vault: Arc<dyn BulkVault>, limit: Duration) -> Self {
        Self { vault, patience: Patience::new(limit) }
    }

    async fn ask<T, F>(&self, call: impl Fn() -> F) -> Result<T, VaultError>
    where
        F: Future<Output = Result<T, VaultError>>,
    {
        let asked = self.patience.ask(|| async { Ok::<_, Infallible>(call().await) });
        match asked.await {
            Ok(Asked::Answered(answer)) => answer,
            Ok(Asked::OutOfReach(error)) => Err(error),
            Err(never) => match never {},
        }
    }
}

#[async_trait]
impl CardVault for PatientVault {
    async fn read(
        &self,
        scope: &VaultAccount,
        customer: &ExternalCustomerId,
        card: &ExternalCardId,
    ) -> Result<Instrument, VaultError> {
        self.ask(|| self.vault.read(scope, customer, card)).await
    }
}

#[async_trait]
impl VaultCatalog for PatientVault {
    async fn customers<'a>(
        &self,
        scope: &VaultAccount,
        range: CustomerRange<'a>,
    ) -> Result<VaultPage<VaultCustomer>, VaultError> {
        self.ask(|| self.vault.customers(scope, range)).await
    }

    async fn customer(
        &self,
        scope: &VaultAccount,
        customer: &ExternalCustomerId,
    ) -> Result<VaultCustomer, VaultError> {
        self.ask(|| self.vault.customer(scope, customer)).await
    }

    async fn holdings<'a>(
        &self,
        scope: &VaultAccount,
        customer: &ExternalCustomerId,
        kind: HoldingKind,
        after: Option<&'a str>,
    ) -> Result<VaultPage<Holding>, VaultError> {
        self.ask(|| self.vault.holdings(scope, customer, kind, after)).await
    }
}
