//! `cardlift job status` and `plan`.

use cardlift_core::job::JobId;
use cardlift_http::JobObject;
use clap::Args;

use super::tell_next_steps;
use crate::commands::jobs_of::{WhichJobs, job_id};
use crate::commands::working::open_to_read;
use crate::commands::{job_text, plan, start};
use crate::failure::Failure;
use crate::settings::{LogArgs, NO_KEY, StripeArgs};

#[derive(Debug, Args)]
pub(crate) struct StatusCommand {
    #[command(flatten)]
    which: WhichJobs,
    /// As JSON, as the API has it
    #[arg(long)]
    json: bool,
    /// The job
    #[arg(value_parser = job_id)]
    job: JobId,
}

#[derive(Debug, Args)]
pub(crate) struct PlanCommand {
    #[command(flatten)]
    which: WhichJobs,
    #[command(flatten)]
    stripe: StripeArgs,
    /// The job
    #[arg(value_parser = job_id)]
    job: JobId,
}

impl StatusCommand {
    pub(super) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let here = self.which.start(log).await?;
        let job = here.find(self.job).await?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&JobObject::from(&job))?);
            return Ok(());
        }
        print!("{}", job_text::described(&job));
        tell_next_steps(&here, &job);
        Ok(())
    }
}

impl PlanCommand {
    pub(super) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let (database, stripe) = start(log, |problems| {
            let database = self.which.parse(problems);
            let stripe = self.stripe.parse(problems, database.as_ref(), NO_KEY);
            database.zip(stripe)
        })?;
        let here = self.which.open(&database).await?;
        let job = here.find(self.job).await?;
        let vault = open_to_read(&stripe, &here).await?;
        plan::print(&here, vault, stripe.rates, &job).await
    }
}
