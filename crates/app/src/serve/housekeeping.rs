//! What a server does by the way.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use cardlift_core::account::AccountId;
use cardlift_core::ports::{ApiKeyStore, Clock, IdempotencyStore, Stores};
use cardlift_core::use_cases::{AuditChain, Chained, ImportJobs, KeyUses};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::time::{MissedTickBehavior, timeout};

use crate::failure::causes;
use crate::system::SystemClock;

/// How often replies that have expired are forgotten.
const PURGE_EVERY: Duration = Duration::from_secs(15 * 60);

/// How often it is looked for jobs whose files come no more.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// How often it is written when keys were last used.
const WRITE_USES_EVERY: Duration = Duration::from_secs(5);

/// How often the audit trail is chained.
const CHAIN_EVERY: Duration = Duration::from_secs(1);

/// How long a server that is told to stop goes on chaining. Others, or the next one, do the rest.
const CHAIN_AT_THE_END: Duration = Duration::from_secs(5);

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

/// Chains the audit trail until it is aborted. That it fails is told once, and when it goes on.
pub(super) async fn chain(chain: AuditChain) {
    let mut due = tokio::time::interval(CHAIN_EVERY);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut fails, mut failing) = (false, BTreeSet::new());
    loop {
        due.tick().await;
        match chain.run().await {
            Ok(done) => {
                if std::mem::take(&mut fails) {
                    tracing::info!("the audit trail is chained again");
                }
                metrics::counter!("cardlift_audit_chained_total").increment(done.count());
                tell_failing(&mut failing, &done);
            }
            Err(error) => {
                if !std::mem::replace(&mut fails, true) {
                    tracing::warn!(%error, "the audit trail could not be chained: it waits");
                }
            }
        }
    }
}

/// Tells which accounts are not chained any more, and which are again.
fn tell_failing(failing: &mut BTreeSet<AccountId>, done: &Chained) {
    for (account, error) in &done.failed {
        if failing.insert(*account) {
            let (account, causes) = (account.get(), causes(error).join(": "));
            tracing::warn!(account, %error, causes, "an account's audit trail can't be chained");
        }
    }
    for account in done.batches.keys() {
        if failing.remove(account) {
            tracing::info!(account = account.get(), "an account's audit trail is chained again");
        }
    }
}

/// Chains what waits when everything else has ended.
pub(super) async fn chain_the_rest(chain: &AuditChain) {
    match timeout(CHAIN_AT_THE_END, chain.run()).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the end of the audit trail could not be chained"),
        Err(_) => tracing::warn!("not all of the audit trail was chained in time: it waits"),
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
