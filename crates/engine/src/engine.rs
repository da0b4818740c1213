//! Taking jobs, keeping their leases, and leaving them as they are to be left.

use std::sync::Arc;

use cardlift_core::Timestamp;
use cardlift_core::audit::{Actor, Who};
use cardlift_core::job::{HaltReason, Job, JobState, Plan, ReadingChoice, Way};
use cardlift_core::ports::{
    Clock, ImportJobStore, JobQueue, JobWork, Lease, LeaseError, Leave, StoreError, StoreErrorKind,
    Wanted,
};
use cardlift_core::use_cases::VaultSize;
use thiserror::Error;
use tokio::time::sleep;

use crate::BulkVault;
use crate::run::{Ended, Run};
use crate::settings::Settings;
use crate::stop::Stop;

/// Carries out import jobs.
#[derive(Clone)]
pub struct Engine {
    /// Hands jobs out.
    pub queue: Arc<dyn JobQueue>,
    /// The jobs.
    pub jobs: Arc<dyn ImportJobStore>,
    /// Their rows.
    pub work: Arc<dyn JobWork>,
    /// Where the cards are.
    pub vault: Arc<dyn BulkVault>,
    /// Says when.
    pub clock: Arc<dyn Clock>,
    /// How it works.
    pub settings: Settings,
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worked {
    /// There was no job to take.
    Idle,
    /// It was at a job, which is done, halted, paused or left to others.
    Job,
}

/// A step failed. The job goes on when its lease is over, or is given back.
#[derive(Debug, Error)]
pub enum EngineError {
    /// Another worker has the job now: this one was away for longer than its lease.
    #[error("the job was taken over by another worker")]
    TakenOver,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<LeaseError> for EngineError {
    fn from(error: LeaseError) -> Self {
        match error {
            LeaseError::Lost => Self::TakenOver,
            LeaseError::Store(error) => Self::Store(error),
        }
    }
}

impl Engine {
    /// Carries out jobs until it is told to stop. What it was at is given back then, and goes on
    /// where it stood.
    pub async fn run(&self, mut stop: Stop) {
        while !stop.is_told() {
            let wait = match self.work_once(&stop).await {
                Ok(Worked::Job) => continue,
                Ok(Worked::Idle) => self.settings.poll,
                Err(error) => {
                    tracing::warn!(error = why(&error), "working on a job failed");
                    self.settings.poll * 5
                }
            };
            tokio::select! {
                () = sleep(wait) => {}
                () = stop.told() => {}
            }
        }
    }

    /// Takes the next job, if there is one, and works on it until it is done or has to be left.
    ///
    /// # Errors
    /// Each kind of [`EngineError`].
    pub async fn work_once(&self, stop: &Stop) -> Result<Worked, EngineError> {
        let now = self.clock.now();
        let Settings { worker, only, .. } = &self.settings;
        let found = self.queue.acquire(worker, *only, now, self.until(now)).await?;
        let Some((lease, job)) = found else { return Ok(Worked::Idle) };
        tracing::info!(job = job.id.get(), state = job.state.name(), "took a job");
        Actor::of(Who::Job(job.id)).does(self.work_on(lease, job, stop)).await
    }

    /// Works on a job that was taken: whatever is changed is changed by the job.
    async fn work_on(&self, lease: Lease, job: Job, stop: &Stop) -> Result<Worked, EngineError> {
        let run = Run::new(self, lease, job, stop.clone());
        let result = tokio::select! {
            result = run.carry_out() => result,
            lost = run.keep_lease() => Err(lost.into()),
        };
        let how = match result {
            Ok(done) => done,
            Err(Ended::Told) => Leave::AsItIs,
            Err(Ended::Halted(reason)) => Leave::Halted(reason),
            Err(Ended::Lease(LeaseError::Lost)) => return Err(EngineError::TakenOver),
            Err(Ended::Lease(LeaseError::Store(error))) => {
                // What may pass is tried again; what does not would keep other jobs waiting.
                let how = match error.kind() {
                    StoreErrorKind::Unavailable => Leave::AsItIs,
                    StoreErrorKind::Corrupt | StoreErrorKind::Failed => {
                        Leave::Halted(HaltReason::StoreFailed)
                    }
                };
                // Where it can't be left, its lease ends.
                let _left_or_not = self.queue.leave(&lease, how, self.clock.now()).await;
                return Err(error.into());
            }
        };
        tracing::info!(job = lease.job.get(), ?how, "left a job");
        self.queue.leave(&lease, how, self.clock.now()).await?;
        Ok(Worked::Job)
    }

    fn until(&self, now: Timestamp) -> Timestamp {
        now + self.settings.lease
    }
}

impl Run<'_> {
    async fn carry_out(&self) -> Result<Leave, Ended> {
        if self.job.state == JobState::Undoing {
            self.undo().await?;
            return Ok(Leave::Done);
        }
        let Job { canary, settled, .. } = self.job;
        if let Some(canary) = canary {
            self.work_through_rows(Some(canary.saturating_sub(settled))).await?;
            let now = self.engine.jobs.find_job(self.lease.account, self.lease.job).await;
            let done = now.map_err(LeaseError::from)?.is_none_or(|job| job.pending() == 0);
            return Ok(if done { Leave::Done } else { Leave::Halted(HaltReason::CanaryDone) });
        }
        let pieces = self.engine.work.pieces(&self.lease).await?;
        if !pieces.is_empty() || self.is_to_scan().await? {
            self.scan(pieces).await?;
        }
        self.work_through_rows(None).await?;
        Ok(Leave::Done)
    }

    async fn is_to_scan(&self) -> Result<bool, Ended> {
        let reading = self.job.options.reading;
        match reading {
            ReadingChoice::Customers => return Ok(false),
            ReadingChoice::Scan => return Ok(true),
            ReadingChoice::Cheapest => {}
        }
        let Lease { account, job, .. } = self.lease;
        let wanted = Wanted::find(self.engine.jobs.as_ref(), account, job).await;
        let wanted = wanted.map_err(LeaseError::from)?;
        let size = if Plan::is_worth_looking(wanted, reading) {
            let found =
                self.ask(|| VaultSize::find(self.engine.vault.as_ref(), &self.scope)).await?;
            if let Err(error) = &found {
                let job = self.lease.job.get();
                tracing::warn!(job, %error, "how large the vault is was not found out");
            }
            let found = found.ok();
            (1..found.map_or(1, |size| size.calls)).for_each(|_| self.called());
            found.map(|size| size.customers)
        } else {
            None
        };
        let rates = self.engine.settings.rates;
        let plan = Plan::new(wanted, size, self.job.options.cards, reading, rates);
        tracing::info!(job = self.lease.job.get(), way = plan.chosen.name(), "chose a way");
        Ok(plan.chosen == Way::Scan)
    }

    /// Renews the lease until it is lost. A database that does not answer is asked again until
    /// the lease is over.
    async fn keep_lease(&self) -> LeaseError {
        let Engine { queue, clock, settings, .. } = self.engine;
        let mut until = self.engine.until(clock.now());
        loop {
            sleep(settings.lease / 3).await;
            let now = clock.now();
            match queue.renew(&self.lease, self.engine.until(now)).await {
                Ok(state) => {
                    until = self.engine.until(now);
                    self.note(state);
                }
                Err(LeaseError::Store(error)) if clock.now() < until => {
                    tracing::warn!(error = why(&error), "the lease of a job could not be renewed");
                }
                Err(error) => return error,
            }
        }
    }
}

/// An error with what caused it, for the log.
fn why<'a>(error: &'a (dyn std::error::Error + 'static)) -> &'a (dyn std::error::Error + 'static) {
    error
}
