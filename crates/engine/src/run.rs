//! A job while it is worked on.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use cardlift_core::job::{HaltReason, Job, JobState, ScanPiece};
use cardlift_core::ports::{Finding, Lease, LeaseError, Settlement, VaultError};
use cardlift_core::vault::VaultAccount;
use thiserror::Error;

use crate::engine::Engine;
use crate::patience::{Asked, Patience};
use crate::stop::Stop;

/// A job while it is worked on.
pub(crate) struct Run<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) lease: Lease,
    pub(crate) job: Job,
    pub(crate) scope: VaultAccount,
    patience: Patience,
    stop: Stop,
    state: Mutex<JobState>,
    calls: AtomicU64,
}

/// Why work on a job ended before it was done.
#[derive(Debug, Error)]
pub(crate) enum Ended {
    /// It was paused or cancelled, or the engine is to stop.
    #[error("told to stop")]
    Told,
    /// It can't go on.
    #[error("halted: {}", .0.name())]
    Halted(HaltReason),
    /// Another worker has it, or the database failed.
    #[error(transparent)]
    Lease(#[from] LeaseError),
}

impl<'a> Run<'a> {
    pub(crate) fn new(engine: &'a Engine, lease: Lease, job: Job, stop: Stop) -> Self {
        Self {
            engine,
            lease,
            scope: job.options.vault.clone(),
            patience: Patience::new(engine.settings.patience),
            state: Mutex::new(job.state),
            job,
            stop,
            calls: AtomicU64::new(0),
        }
    }

    /// Whether there is any reason to stop.
    pub(crate) fn goes_on(&self) -> Result<(), Ended> {
        let state = *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state == self.job.state && !self.stop.is_told() { Ok(()) } else { Err(Ended::Told) }
    }

    /// Notes where the job stands now.
    pub(crate) fn note(&self, state: JobState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// Notes a call of the vault.
    pub(crate) fn called(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }

    /// Makes a call, and makes it again where that may help. An error that comes back is about
    /// what was asked for, not about the vault as a whole.
    pub(crate) async fn ask<T, F>(
        &self,
        call: impl Fn() -> F,
    ) -> Result<Result<T, VaultError>, Ended>
    where
        F: Future<Output = Result<T, VaultError>>,
    {
        let call = || async {
            self.goes_on()?;
            self.called();
            Ok::<_, Ended>(call().await)
        };
        match self.patience.ask(call).await? {
            Asked::Answered(Err(error)) if error.is_about_credentials() => {
                Err(Ended::Halted(HaltReason::VaultRefused))
            }
            Asked::Answered(answer) => Ok(answer),
            Asked::OutOfReach(_) => Err(Ended::Halted(HaltReason::VaultUnavailable)),
        }
    }

    /// Writes what was found.
    pub(crate) async fn settle(
        &self,
        findings: Vec<Finding>,
        pieces: Vec<ScanPiece>,
    ) -> Result<(), Ended> {
        let vault_calls = self.calls.swap(0, Ordering::Relaxed);
        let settlement = Settlement { findings, pieces, vault_calls };
        let Engine { work, clock, .. } = self.engine;
        let mode = self.job.options.mode;
        let settled = work.settle(&self.lease, mode, &settlement, clock.now()).await?;
        self.note(settled.state);
        for (outcome, count) in settled.tally.iter() {
            let labels = [("outcome", outcome.name())];
            metrics::counter!("cardlift_job_rows_total", &labels).increment(count);
        }
        Ok(())
    }
}
