//! Working on a job, and watching it until it is at its end or has stopped.

mod pace;

use std::time::Duration;

use cardlift_core::job::{Job, JobAction, JobId, JobState, Pace};
use cardlift_core::ports::Clock;
use cardlift_core::use_cases::ImportJobError;
use tokio::time::{Instant, MissedTickBehavior, interval};

pub(crate) use self::pace::duration;
use super::job_text;
use super::jobs_of::JobsOf;
use crate::failure::Failure;
use crate::screen::Meter;
use crate::serve::told_to_stop;
use crate::system::SystemClock;
use crate::workers::{Work, Workers};

/// How often it is looked how a job goes on.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How long the database may be out of reach before nobody watches any more.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a call of the vault that is under way is waited for.
const LEAVING: Duration = Duration::from_secs(60);

/// Works on a job until it is at its end or was stopped, and tells how it went. Where somebody
/// else works on it, it watches. Told to stop, it pauses the job.
pub(crate) async fn work_and_watch(here: &JobsOf, work: &Work, id: JobId) -> Result<Job, Failure> {
    let workers = Workers::start(&here.stores, work, Some(id));
    let watched = tokio::select! {
        watched = watch(here, id) => Some(watched),
        () = told_to_stop() => None,
    };
    if watched.is_none() {
        pause(here, id).await?;
    }
    tokio::select! {
        () = workers.stop(LEAVING) => {}
        // Whoever says it twice does not want to wait.
        () = told_to_stop() => {}
    }
    if let Some(watched) = watched {
        watched?;
    }
    Ok(here.find(id).await?)
}

/// How a job ended, as an exit code says it.
pub(crate) fn verdict(job: &Job) -> Result<(), Failure> {
    match job.state {
        JobState::Finished if job.tally.failed() > 0 => Err(Failure::NotAll),
        JobState::Finished | JobState::Undone => Ok(()),
        _ => Err(Failure::Stopped),
    }
}

/// Watches a job as long as somebody has to work on it.
async fn watch(here: &JobsOf, id: JobId) -> Result<(), Failure> {
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut pace, mut seen) = (Pace::default(), Instant::now());
    let mut meter = None::<Meter>;
    let mut settled = None;
    loop {
        look.tick().await;
        let job = match here.find(id).await {
            Ok(job) => job,
            Err(ImportJobError::Store(error)) if seen.elapsed() < PATIENCE => {
                tracing::warn!(%error, "it could not be seen how the job goes on");
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        seen = Instant::now();
        pace.note(seen.into_std(), &job);
        let length = (job.state != JobState::Undoing).then_some(job.rows);
        let meter_now = meter.get_or_insert_with(|| Meter::new(length));
        if job.state.is_at_work() {
            // Only where nothing moves it is worth to ask.
            let stands = settled.replace(job.settled) == Some(job.settled);
            let before = if stands { before(here, &job).await } else { None };
            meter_now.show(job.settled, || match before {
                Some(other) => format!("{}; it waits for job {other}", progress(&job, &pace)),
                None => progress(&job, &pace),
            });
        } else {
            let last = progress(&job, &pace);
            if let Some(meter) = meter.take() {
                meter.end(&last);
            }
            return Ok(());
        }
    }
}

/// The job that this one waits for, because it reads the same account of the vault.
async fn before(here: &JobsOf, job: &Job) -> Option<JobId> {
    let at_work = here.stores.at_work(&job.options.vault, SystemClock.now()).await;
    at_work.ok().flatten().filter(|other| *other != job.id)
}

async fn pause(here: &JobsOf, id: JobId) -> Result<(), Failure> {
    eprintln!("Stopping job {id}: what is under way is finished first.");
    match here.jobs.act(here.account.id, id, JobAction::Pause).await {
        // It came to its end meanwhile, or is being undone, which goes on when that is said again.
        Ok(_) | Err(ImportJobError::NotNow(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// How a job goes on, in a line.
fn progress(job: &Job, pace: &Pace) -> String {
    let id = job.id;
    if matches!(job.state, JobState::Undoing | JobState::Undone) {
        return format!("Job {id} is {}", job.state.name());
    }
    let mut line = format!("Job {id}: {} of {} rows", job.settled, job.rows);
    if job.state.is_at_work() {
        line.push_str(&pace::told(pace, job.pending()));
    }
    let failures = job_text::failures(job);
    if !failures.is_empty() {
        line.push_str("; failed: ");
        line.push_str(&failures);
    }
    line
}
