//! Whoever works on import jobs in this process.

use std::sync::Arc;
use std::time::Duration;

use cardlift_core::job::{JobId, Rates};
use cardlift_core::ports::{Entropy, Stores, WorkerId};
use cardlift_engine::{BulkVault, Engine, Settings, Stop, Stopper, stop_signal};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::settings::JobsSettings;
use crate::system::{SystemClock, SystemEntropy};

/// What jobs are worked on with.
#[derive(Clone)]
pub(crate) struct Work {
    pub(crate) vault: Arc<dyn BulkVault>,
    pub(crate) rates: Rates,
    pub(crate) settings: JobsSettings,
}

/// Engines that run. They stop when this is dropped.
pub(crate) struct Workers {
    stopper: Arc<Stopper>,
    running: JoinSet<()>,
}

impl Workers {
    /// Starts as many as the settings say, for the one job or for whichever there are.
    pub(crate) fn start(stores: &Arc<dyn Stores>, work: &Work, only: Option<JobId>) -> Self {
        let (stopper, stop) = stop_signal();
        let mut running = JoinSet::new();
        let name = process_name();
        for number in 0..work.settings.at_once {
            let mut engine = engine(stores.clone(), work, format!("{name}/{number}"));
            engine.settings.only = only;
            running.spawn(run(engine, stop.clone()));
        }
        Self { stopper: Arc::new(stopper), running }
    }

    /// Who tells them to stop.
    pub(crate) fn stopper(&self) -> Arc<Stopper> {
        self.stopper.clone()
    }

    /// Tells them to stop, and waits until each has given its job back. Who takes longer loses
    /// it when its lease is over.
    pub(crate) async fn stop(mut self, patience: Duration) {
        self.stopper.stop();
        let ended = async { while self.running.join_next().await.is_some() {} };
        if timeout(patience, ended).await.is_err() {
            tracing::warn!("a job could not be given back in time: others wait for its lease");
        }
    }
}

async fn run(engine: Engine, stop: Stop) {
    engine.run(stop).await;
}

fn engine(stores: Arc<dyn Stores>, work: &Work, name: String) -> Engine {
    let settings =
        Settings { lease: work.settings.lease, rates: work.rates, ..Settings::new(WorkerId(name)) };
    Engine {
        queue: stores.clone(),
        jobs: stores.clone(),
        work: stores,
        vault: work.vault.clone(),
        clock: Arc::new(SystemClock),
        settings,
    }
}

/// A name for this process that no other has, on whatever machine.
fn process_name() -> String {
    let mut random = [0; 4];
    SystemEntropy.fill(&mut random);
    format!("{}-{}-{:08x}", host(), std::process::id(), u32::from_ne_bytes(random))
}

/// The machine's name, as far as it tells.
fn host() -> String {
    let told = std::env::var("HOSTNAME").ok();
    let name = told.filter(|name| !name.trim().is_empty());
    let name = name.or_else(|| std::fs::read_to_string("/etc/hostname").ok()).unwrap_or_default();
    let allowed = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let name: String = name.trim().chars().filter(allowed).take(64).collect();
    if name.is_empty() { "host".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_processes_have_one_name() {
        assert_ne!(process_name(), process_name());
        assert!(!host().is_empty() && host().is_ascii());
    }
}
