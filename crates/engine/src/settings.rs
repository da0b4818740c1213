use std::time::Duration;

use cardlift_core::job::{JobId, Rates};
use cardlift_core::ports::WorkerId;

/// How an engine works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Who it is, among all that work on the same database.
    pub worker: WorkerId,
    /// The one job that it works on; any, where there is none.
    pub only: Option<JobId>,
    /// How long a lease holds that is not renewed: so long after a worker died, another takes its
    /// job up.
    pub lease: Duration,
    /// How many ranges of the vault's customers are read at once.
    pub lanes: usize,
    /// How many customers of the vault are asked about at once.
    pub customers_at_once: usize,
    /// How many rows are written in one go, about.
    pub batch: usize,
    /// How long the vault may be out of reach before a job is paused.
    pub patience: Duration,
    /// How often it looks for a job when there is none.
    pub poll: Duration,
    /// How many calls of the vault there may be, for the choice of the cheapest way.
    pub rates: Rates,
}

impl Settings {
    /// The defaults, for this worker.
    #[must_use]
    pub const fn new(worker: WorkerId) -> Self {
        Self {
            worker,
            only: None,
            lease: Duration::from_secs(15),
            lanes: 8,
            customers_at_once: 32,
            batch: 1_000,
            patience: Duration::from_secs(300),
            poll: Duration::from_secs(1),
            rates: Rates::STRIPE,
        }
    }
}
