//! `cardlift job start`, `resume`, `retry` and `undo`: what somebody has to work on.

use cardlift_core::job::{JobAction, JobId};
use clap::Args;

use super::{tell, tell_left};
use crate::commands::jobs_of::{WhichJobs, job_id};
use crate::commands::working::WorkArgs;
use crate::commands::{start, watch};
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
        let work = match work {
            Some(work) => Some(work.open(&here).await?),
            None => None,
        };
        let job = here.jobs.act(here.account.id, self.job, action).await?;
        let Some(work) = work else {
            tell_left(&here, &job);
            return Ok(());
        };
        let job = watch::work_and_watch(&here, &work, self.job).await?;
        tell(&here, &job);
        watch::verdict(&job)
    }
}
