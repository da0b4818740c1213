//! Calls of the vault that are made again until they go well, for as long as there is hope.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cardlift_core::job::HaltReason;
use cardlift_core::ports::VaultError;
use tokio::time::{Instant, sleep};

use crate::run::{Ended, Run};

/// After how many tries one call is given up, where others went well meanwhile.
const MOST_TRIES: u32 = 6;

/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// How long the vault has been out of reach.
pub(crate) struct Patience {
    limit: Duration,
    last_success: Mutex<Instant>,
}

impl Patience {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, last_success: Mutex::new(Instant::now()) }
    }

    fn last_success(&self) -> Instant {
        *self.last_success.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn succeeded(&self) {
        *self.last_success.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}

impl Run<'_> {
    /// Makes a call, and makes it again where that may help. An error that comes back is about
    /// what was asked for, not about the vault as a whole.
    pub(crate) async fn ask<T, F>(
        &self,
        call: impl Fn() -> F,
    ) -> Result<Result<T, VaultError>, Ended>
    where
        F: Future<Output = Result<T, VaultError>>,
    {
        let began = Instant::now();
        let mut tries = 0;
        loop {
            self.goes_on()?;
            self.called();
            let wait = match call().await {
                Err(VaultError::CredentialsRefused) => {
                    return Err(Ended::Halted(HaltReason::VaultRefused));
                }
                // The governor slows by itself; that a call was throttled says nothing about it.
                Err(VaultError::Throttled { retry_after }) => retry_after,
                Err(VaultError::Unavailable { retry_after, source }) => {
                    tries += 1;
                    if tries >= MOST_TRIES && self.patience.last_success() > began {
                        return Ok(Err(VaultError::Unavailable { retry_after, source }));
                    }
                    tracing::debug!(tries, "the vault did not answer");
                    retry_after.max(Duration::from_millis(250) * 2_u32.saturating_pow(tries))
                }
                answer => {
                    self.patience.succeeded();
                    return Ok(answer);
                }
            };
            if self.patience.last_success().max(began).elapsed() > self.patience.limit {
                return Err(Ended::Halted(HaltReason::VaultUnavailable));
            }
            sleep(wait.min(LONGEST_WAIT)).await;
        }
    }
}
