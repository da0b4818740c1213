//! Calls of the vault that are made again until they go well, for as long as there is hope.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cardlift_core::ports::VaultError;
use tokio::time::{Instant, sleep};

/// After how many tries one call is given up, where others went well meanwhile.
const MOST_TRIES: u32 = 6;

/// The shortest and the longest wait between two tries.
const SHORTEST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// How long the vault has been out of reach, and how long it may be.
pub(crate) struct Patience {
    limit: Duration,
    last_success: Mutex<Instant>,
}

/// How asking ended.
pub(crate) enum Asked<T> {
    /// With an answer, or an error that is about what was asked for, not about the vault as a whole.
    Answered(Result<T, VaultError>),
    /// The vault was out of reach for too long; with what was met last.
    OutOfReach(VaultError),
}

impl Patience {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, last_success: Mutex::new(Instant::now()) }
    }

    /// Makes a call, and makes it again where that may help. A call that is not made ends it.
    pub(crate) async fn ask<T, E, F>(&self, call: impl Fn() -> F) -> Result<Asked<T>, E>
    where
        F: Future<Output = Result<Result<T, VaultError>, E>>,
    {
        let began = Instant::now();
        let mut tries = 0;
        loop {
            let (wait, error) = match call().await? {
                // The governor slows by itself; that a call was throttled says nothing about it.
                Err(error @ VaultError::Throttled { retry_after }) => (retry_after, error),
                Err(error @ VaultError::Unavailable { retry_after, .. }) => {
                    tries += 1;
                    if tries >= MOST_TRIES && self.last_success() > began {
                        return Ok(Asked::Answered(Err(error)));
                    }
                    tracing::debug!(tries, "the vault did not answer");
                    (retry_after.max(SHORTEST_WAIT * 2_u32.saturating_pow(tries)), error)
                }
                answer => {
                    self.succeeded();
                    return Ok(Asked::Answered(answer));
                }
            };
            if self.last_success().max(began).elapsed() > self.limit {
                return Ok(Asked::OutOfReach(error));
            }
            sleep(wait.clamp(SHORTEST_WAIT, LONGEST_WAIT)).await;
        }
    }

    fn last_success(&self) -> Instant {
        *self.last_success.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn succeeded(&self) {
        *self.last_success.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}
