//! What a server does by the way.

use std::sync::Arc;
use std::time::Duration;

use cardlift_core::ports::{ApiKeyStore, Clock, IdempotencyStore, Stores};
use cardlift_core::use_cases::{ImportJobs, KeyUses};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::system::SystemClock;

/// How often replies that have expired are forgotten.
const PURGE_EVERY: Duration = Duration::from_secs(15 * 60);

/// How often it is looked for jobs whose files come no more.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// How often it is written when keys were last used.
const WRITE_USES_EVERY: Duration = Duration::from_secs(5);

/// How often what was measured is put into the histograms: until then each value has its own room.
const UPKEEP_EVERY: Duration = Duration::from_secs(1);

/// Runs until it is aborted.
pub(super) async fn run(stores: Arc<dyn Stores>, uses: KeyUses, recorder: PrometheusHandle) {
    let clock = Arc::new(SystemClock);
    let jobs = ImportJobs { accounts: stores.clone(), jobs: stores.clone(), clock };
    let mut purge = tokio::time::interval(PURGE_EVERY);
    let mut look = tokio::time::interval(LOOK_EVERY);
    let mut uses_due = tokio::time::interval(WRITE_USES_EVERY);
    let mut upkeep = tokio::time::interval(UPKEEP_EVERY);
    loop {
        tokio::select! {
            _ = purge.tick() => forget_expired(stores.as_ref()).await,
            _ = look.tick() => break_off_silent(&jobs).await,
            _ = uses_due.tick() => write_uses(stores.as_ref(), &uses).await,
            _ = upkeep.tick() => recorder.run_upkeep(),
        }
    }
}

/// Writes when keys were last used. What can't be written is there the next time.
pub(super) async fn write_uses(keys: &dyn ApiKeyStore, uses: &KeyUses) {
    if let Err(error) = uses.write(keys).await {
        tracing::warn!(%error, "it could not be written when keys were last used");
    }
}

async fn forget_expired(replies: &dyn IdempotencyStore) {
    match replies.purge(SystemClock.now()).await {
        Ok(purged) => tracing::debug!(purged, "forgot replies that have expired"),
        Err(error) => tracing::warn!(%error, "replies that have expired could not be forgotten"),
    }
}

async fn break_off_silent(jobs: &ImportJobs) {
    match jobs.break_off_silent().await {
        Ok(broken) => {
            for job in broken {
                tracing::warn!(job = job.get(), "a job's rows come no more: it is cancelled");
            }
        }
        Err(error) => {
            tracing::warn!(%error, "jobs whose rows come no more could not be looked for");
        }
    }
}
