//! Receives the file of a job, piece by piece: memory does not grow with the file.

use std::time::Duration;

use actix_web::web::Payload;
use cardlift_core::account::AccountId;
use cardlift_core::job::{Job, JobAction, JobId, NewJobRow};
use cardlift_core::use_cases::{ImportJobError, ImportJobs, NewImportJob};
use cardlift_rows::{Format, Row, RowReader};
use tokio::time::Instant;

use super::incoming::Incoming;
use crate::authorization::PresentedKey;
use crate::error::ApiError;

/// How many rows are written at once.
const BATCH: usize = 5_000;

/// How often it is asked, while rows come and none are written, whether the key is still good.
const ASKED_EVERY: Duration = Duration::from_secs(1);

/// A file that is coming.
pub(super) struct Receiving<'a> {
    jobs: &'a ImportJobs,
    account: AccountId,
    /// The key of whoever sends it.
    key: PresentedKey,
    /// When that was last asked of.
    asked: Instant,
    new: NewImportJob,
    /// The job, once the file was seen to have rows.
    job: Option<JobId>,
    /// What has come and is not written.
    rows: Vec<Row>,
    /// When the job was last heard of in the store.
    heard_of: Instant,
}

impl<'a> Receiving<'a> {
    /// One that comes into this account, with this key.
    pub(super) fn new(
        jobs: &'a ImportJobs,
        (account, key): (AccountId, PresentedKey),
        new: NewImportJob,
    ) -> Self {
        let now = Instant::now();
        let (job, rows) = (None, Vec::new());
        Self { jobs, account, key, asked: now, new, job, rows, heard_of: now }
    }

    /// The job with all of its rows. Where they do not all come, it is broken off.
    pub(super) async fn run(mut self, format: Format, payload: Payload) -> Result<Job, ApiError> {
        let received = self.receive(format, payload).await;
        if received.is_err() {
            self.break_off().await;
        }
        received
    }

    async fn receive(&mut self, format: Format, payload: Payload) -> Result<Job, ApiError> {
        let (mut reader, mut file) = (RowReader::new(format), Incoming::new(payload));
        while let Some(piece) = file.next().await? {
            if self.asked.elapsed() >= ASKED_EVERY {
                self.ask().await?;
            }
            reader.push(&piece, &mut self.rows)?;
            if !self.rows.is_empty() {
                self.job().await?;
            }
            self.write(BATCH).await?;
            self.show_life().await?;
        }
        reader.finish(&mut self.rows)?;
        self.write(1).await?;
        let job = self.job().await?;
        self.ask().await?;
        Ok(self.jobs.act(self.account, job, JobAction::Seal).await?)
    }

    /// Asks whether the key may still be used for this.
    async fn ask(&mut self) -> Result<(), ApiError> {
        self.key.still_good().await?;
        self.asked = Instant::now();
        Ok(())
    }

    /// Writes batches of what has come, as long as there are so many rows.
    async fn write(&mut self, least: usize) -> Result<(), ApiError> {
        while self.rows.len() >= least {
            self.append(self.rows.len().min(BATCH)).await?;
        }
        Ok(())
    }

    /// Says that the job is alive, where it was not heard of for long: a file that comes slowly is
    /// not to be taken for one that comes no more. A piece of it comes in time, or the file has
    /// broken off. A store that is out of reach for a while is told later.
    async fn show_life(&mut self) -> Result<(), ApiError> {
        let silent = self.heard_of.elapsed() >= ImportJobs::SIGN_OF_LIFE;
        let Some(job) = self.job.filter(|_| silent) else { return Ok(()) };
        self.heard_of = Instant::now();
        Ok(self.jobs.show_life(self.account, job).await?)
    }

    async fn append(&mut self, count: usize) -> Result<(), ApiError> {
        self.ask().await?;
        let job = self.job().await?;
        let batch: Vec<_> = self.rows.drain(..count).map(NewJobRow::from).collect();
        self.jobs.append(self.account, job, &batch).await?;
        self.heard_of = Instant::now();
        Ok(())
    }

    /// The job, which is made when it is first needed: by then its file is known to be one.
    async fn job(&mut self) -> Result<JobId, ApiError> {
        if let Some(job) = self.job {
            return Ok(job);
        }
        let job = self.jobs.create(self.account, self.new).await?.id;
        (self.job, self.heard_of) = (Some(job), Instant::now());
        Ok(job)
    }

    async fn break_off(&self) {
        let Some(id) = self.job else { return };
        let job = id.get();
        match self.jobs.break_off(self.account, id).await {
            Ok(_) => tracing::info!(job, "a job's rows did not all come: it is cancelled"),
            // Somebody gave it up meanwhile.
            Err(ImportJobError::NotNow(_)) => {}
            Err(error) => tracing::warn!(job, %error, "a job waits for rows that will not come"),
        }
    }
}
