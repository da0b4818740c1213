//! A vault that is asked again for as long as there is hope: for commands that read much of it, and
//! that nobody wants to begin again.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;
use cardlift_core::ports::{
    CardVault, CustomerRange, Holding, HoldingKind, VaultCatalog, VaultCustomer, VaultError,
    VaultPage, VaultScope,
};
use cardlift_engine::BulkVault;
use tokio::time::{Instant, sleep};

/// How long the vault may be out of reach.
const PATIENCE: Duration = Duration::from_secs(120);

/// The shortest and the longest wait between two calls.
const WAIT: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(15));

/// Asks another vault again, where that may help.
pub(crate) struct PatientVault(pub(crate) Arc<dyn BulkVault>);

#[async_trait]
impl CardVault for PatientVault {
    async fn read(
        &self,
        scope: &VaultScope,
        customer: &ExternalCustomerId,
        card: &ExternalCardId,
    ) -> Result<Instrument, VaultError> {
        patiently(|| self.0.read(scope, customer, card)).await
    }
}

#[async_trait]
impl VaultCatalog for PatientVault {
    async fn customers<'a>(
        &self,
        scope: &VaultScope,
        range: CustomerRange<'a>,
    ) -> Result<VaultPage<VaultCustomer>, VaultError> {
        patiently(|| self.0.customers(scope, range)).await
    }

    async fn customer(
        &self,
        scope: &VaultScope,
        customer: &ExternalCustomerId,
    ) -> Result<VaultCustomer, VaultError> {
        patiently(|| self.0.customer(scope, customer)).await
    }

    async fn holdings<'a>(
        &self,
        scope: &VaultScope,
        customer: &ExternalCustomerId,
        kind: HoldingKind,
        after: Option<&'a str>,
    ) -> Result<VaultPage<Holding>, VaultError> {
        patiently(|| self.0.holdings(scope, customer, kind, after)).await
    }
}

async fn patiently<T, F>(call: impl Fn() -> F) -> Result<T, VaultError>
where
    F: Future<Output = Result<T, VaultError>>,
{
    let began = Instant::now();
    loop {
        let answer = call().await;
        let wait = match &answer {
            Err(
                VaultError::Throttled { retry_after } | VaultError::Unavailable { retry_after, .. },
            ) => *retry_after,
            _ => return answer,
        };
        if began.elapsed() > PATIENCE {
            return answer;
        }
        let (least, most) = WAIT;
        sleep(wait.clamp(least, most)).await;
    }
}
