//! A file becomes a job, piece by piece: memory does not grow with the file.

use std::pin::pin;

use cardlift_core::job::{Job, JobAction, JobId, NewJobRow};
use cardlift_core::use_cases::{ImportJobError, ImportJobs, NewImportJob};
use cardlift_rows::{NotRows, Row, RowReader};
use tokio::time::{Instant, sleep_until};

use super::file::Input;
use crate::commands::jobs_of::JobsOf;
use crate::commands::unless_stopped;
use crate::failure::Failure;
use crate::screen::Meter;

/// How many rows are written at a time.
const BATCH: usize = 5_000;

/// Makes a job with all the rows of a file. Where they do not all come, it is broken off.
pub(super) async fn upload(
    here: &JobsOf,
    new: NewImportJob,
    mut input: Input,
) -> Result<Job, Failure> {
    let meter = Meter::new(input.length);
    let mut upload = Upload::new(here, new, meter);
    let uploaded = unless_stopped(upload.run(&mut input)).await;
    if uploaded.is_err() {
        upload.break_off().await;
    }
    uploaded
}

/// A file that is being read.
struct Upload<'a> {
    here: &'a JobsOf,
    new: NewImportJob,
    /// The job, once the file was seen to have rows.
    job: Option<JobId>,
    /// What was read and is not written.
    rows: Vec<Row>,
    /// How many bytes were read, and how many rows were written.
    read: u64,
    count: u64,
    /// When the job was last heard of in the store.
    heard_of: Instant,
    meter: Meter,
}

impl<'a> Upload<'a> {
    fn new(here: &'a JobsOf, new: NewImportJob, meter: Meter) -> Self {
        let (rows, heard_of) = (Vec::new(), Instant::now());
        Self { here, new, job: None, rows, read: 0, count: 0, heard_of, meter }
    }

    async fn run(&mut self, input: &mut Input) -> Result<Job, Failure> {
        let mut reader = RowReader::new(input.format);
        let name = input.name.clone();
        let wrong = |error: NotRows| Failure::because(format!("{name}: {error}"));
        loop {
            let piece = self.next(input).await?;
            if piece.is_empty() {
                break;
            }
            self.read += u64::try_from(piece.len())?;
            reader.push(piece, &mut self.rows).map_err(wrong)?;
            self.write(BATCH).await?;
            let count = self.count;
            self.meter.show(self.read, || format!("reading {name}: {count} rows"));
        }
        reader.finish(&mut self.rows).map_err(wrong)?;
        self.write(1).await?;
        let job = self.job().await?;
        Ok(self.here.jobs.act(self.here.account.id, job, JobAction::Seal).await?)
    }

    /// The next piece, however long it takes to come.
    async fn next<'i>(&mut self, input: &'i mut Input) -> Result<&'i [u8], Failure> {
        let mut next = pin!(input.next());
        loop {
            let silent = sleep_until(self.heard_of + ImportJobs::SIGN_OF_LIFE);
            tokio::select! {
                biased;
                () = silent => self.show_life().await?,
                piece = &mut next => return piece,
            }
        }
    }

    /// Says that the job is alive: a file that comes slowly is not to be taken for one that comes no
    /// more. A store that is out of reach for a while is told later.
    async fn show_life(&mut self) -> Result<(), Failure> {
        self.heard_of = Instant::now();
        let Some(job) = self.job else { return Ok(()) };
        Ok(self.here.jobs.show_life(self.here.account.id, job).await?)
    }

    /// Writes batches of what was read, as long as there are so many rows.
    async fn write(&mut self, least: usize) -> Result<(), Failure> {
        while self.rows.len() >= least {
            self.append(self.rows.len().min(BATCH)).await?;
        }
        Ok(())
    }

    async fn append(&mut self, count: usize) -> Result<(), Failure> {
        let job = self.job().await?;
        let batch: Vec<_> = self.rows.drain(..count).map(NewJobRow::from).collect();
        self.here.jobs.append(self.here.account.id, job, &batch).await?;
        self.count += u64::try_from(count)?;
        self.heard_of = Instant::now();
        Ok(())
    }

    /// The job, which is made when it is first needed: by then its file is known to be one.
    async fn job(&mut self) -> Result<JobId, Failure> {
        if let Some(job) = self.job {
            return Ok(job);
        }
        let job = self.here.jobs.create(self.here.account.id, self.new).await?.id;
        self.job = Some(job);
        Ok(job)
    }

    async fn break_off(&self) {
        let Some(id) = self.job else { return };
        let job = id.get();
        match self.here.jobs.break_off(self.here.account.id, id).await {
            // Or somebody gave it up meanwhile.
            Ok(_) | Err(ImportJobError::NotNow(_)) => {
                eprintln!("Job {id} is cancelled: its rows did not all come.");
            }
            Err(error) => tracing::warn!(job, %error, "a job waits for rows that will not come"),
        }
    }
}

#[cfg(test)]
mod tests;
