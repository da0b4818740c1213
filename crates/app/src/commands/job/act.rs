//! `cardlift job start`, `resume`, `retry` and `undo`: what somebody has to work on.

use cardlift_core::job::{Job, JobAction, JobId, JobState, NotNow};
use cardlift_core::use_cases::ImportJobError;
use clap::Args;

use super::{tell, tell_left, undone};
use crate::commands::jobs_of::{JobsOf, WhichJobs, job_id};
use crate::commands::working::WorkArgs;
use crate::commands::{start, unless_stopped, watch};
use crate::failure::Failure;
use crate::settings::LogArgs;

#[derive(Debug, Args)]
pub(crate) struct ActCommand {
    #[command(flatten)]
    which: WhichJobs,
    #[command(flatten)]
    work: WorkArgs,
    /// The job
    #[arg(value_parser = job_id)]
    job: JobId,
}

impl ActCommand {
    pub(super) async fn run(self, log: &LogArgs, action: JobAction) -> Result<(), Failure> {
        let (database, work) = start(log, |problems| {
            let database = self.which.parse(problems);
            let work = self.work.parse(problems, database.as_ref(), !self.work.no_wait);
            database.zip(work)
        })?;
        let here = self.which.open(&database).await?;
        if action == JobAction::Retry {
            let job = here.find(self.job).await?;
            if has_nothing_to_retry(&job) {
                println!("Job {} has nothing to try again: it stays as it is.", job.id);
                return if self.work.no_wait { Ok(()) } else { watch::verdict(&job) };
            }
        }
        let work = match work {
            Some(work) => Some(work.open(&here).await?),
            None => None,
        };
        let acted = here.jobs.act(here.account.id, self.job, action).await;
        let job = acted.map_err(|error| refused(&here, action, error))?;
        let Some(work) = work else {
            tell_left(&here, &job);
            return Ok(());
        };
        let job = watch::work_and_watch(&here, &work, self.job).await?;
        tell(&here, &job);
        // It is undone, whether it can be told or not what that came to.
        if job.state == JobState::Undone
            && let Err(failure) = unless_stopped(undone::tell(&here, &job)).await
        {
            println!("How many payment methods were deleted is not known:");
            let _told = failure.report();
        }
        watch::verdict(&job)
    }
}

/// Whether trying a finished job again would do nothing but finish it again. One with rows without
/// an outcome was about to be tried again when somebody was killed.
fn has_nothing_to_retry(job: &Job) -> bool {
    let may_change = job.tally.iter().any(|(outcome, _)| outcome.may_change());
    job.state == JobState::Finished && job.pending() == 0 && !may_change
}

/// Why nothing was done. Of a job that is to run and runs already nobody can tell whether somebody
/// is at it, so it says what to do where nobody is.
fn refused(here: &JobsOf, action: JobAction, error: ImportJobError) -> Failure {
    match error {
        ImportJobError::NotNow(NotNow { job, state: JobState::Running, .. })
            if action.to() == JobState::Running && action != JobAction::Retry =>
        {
            let (pause, resume) = (here.command("pause", job), here.command("resume", job));
            Failure::because(format!(
                "{error} Where whoever worked on it was killed, a running `cardlift serve` takes \
                 it up by itself; without one: `{pause}`, then `{resume}`"
            ))
        }
        error => error.into(),
    }
}
