//! The rate governor: jobs keep to the vault's limits, slow down where it says so, and let live
//! requests go first.

mod by_account;
mod lane;
mod limits;
mod rates;
mod reason;
mod slots;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use metrics::{gauge, histogram};
use tokio::sync::Mutex as Queue;
use tokio::time::{Instant, sleep_until};

pub(crate) use self::by_account::Governors;
use self::limits::Limits;
pub use self::rates::Rates;
pub(crate) use self::reason::Reason;
use crate::endpoint::{Endpoint, PerEndpoint};

#[derive(Debug)]
pub(crate) struct Governor {
    limits: Mutex<Limits>,
    /// Whoever is first in the queue of an endpoint waits for its next slot. So nobody holds a slot
    /// that is still to come, and all of them go by the rate of the moment.
    queues: PerEndpoint<Queue<()>>,
}

impl Governor {
    pub(crate) fn new(rates: Rates) -> Self {
        let limits = Limits::new(rates, Instant::now().into_std());
        Self { limits: Mutex::new(limits), queues: PerEndpoint::of(Queue::default) }
    }

    /// Waits until a job may make a request, and says how long that took.
    pub(crate) async fn wait(&self, endpoint: Endpoint) -> Duration {
        let started = Instant::now();
        let _first = self.queues.get(endpoint).lock().await;
        loop {
            let taken = self.limits().take(endpoint, Instant::now().into_std());
            match taken {
                Ok(()) => break,
                Err(due) => sleep_until(due.into()).await,
            }
        }
        let waited = started.elapsed();
        let labels = [("endpoint", endpoint.label())];
        histogram!("cardlift_vault_slot_wait_seconds", &labels).record(waited.as_secs_f64());
        self.report(endpoint);
        waited
    }

    /// Notes a live request, which does not wait.
    pub(crate) fn live(&self, endpoint: Endpoint) {
        self.limits().live(endpoint, Instant::now().into_std());
    }

    /// Notes a request that is made a second time, whoever it is for.
    pub(crate) fn again(&self, endpoint: Endpoint) {
        self.limits().unasked(endpoint, Instant::now().into_std());
    }

    /// The vault wants fewer requests.
    pub(crate) fn throttled(&self, endpoint: Endpoint, reason: Reason) {
        self.limits().throttled(endpoint, reason, Instant::now().into_std());
        self.report(endpoint);
    }

    fn report(&self, endpoint: Endpoint) {
        let (overall, of_endpoint) = self.limits().rates(endpoint, Instant::now().into_std());
        gauge!("cardlift_vault_rate", "endpoint" => "overall").set(overall);
        gauge!("cardlift_vault_rate", "endpoint" => endpoint.label()).set(of_endpoint);
    }

    fn limits(&self) -> MutexGuard<'_, Limits> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
