//! `cardlift job list`.

use std::fmt::Write as _;

use cardlift_core::job::Job;
use cardlift_core::page::SortOrder;
use cardlift_http::JobObject;
use clap::Args;

use crate::commands::jobs_of::WhichJobs;
use crate::commands::time;
use crate::database::every;
use crate::failure::Failure;
use crate::screen::say;
use crate::settings::LogArgs;

#[derive(Debug, Args)]
pub(crate) struct ListCommand {
    #[command(flatten)]
    which: WhichJobs,
    /// As JSON, as the API has them
    #[arg(long)]
    json: bool,
}

impl ListCommand {
    pub(super) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let here = self.which.start(log).await?;
        let list = async |page| here.jobs.list(here.account.id, SortOrder::Descending, page).await;
        let jobs = every(list).await?;
        let text = if self.json {
            let objects: Vec<_> = jobs.iter().map(JobObject::from).collect();
            format!("{}\n", serde_json::to_string_pretty(&objects)?)
        } else {
            table(&jobs)
        };
        Ok(say(&text)?)
    }
}

fn table(jobs: &[Job]) -> String {
    let mut text = format!(
        "{:<8}{:<12}{:>12}{:>12}{:>12}  CREATED\n",
        "ID", "STATE", "ROWS", "SETTLED", "FAILED"
    );
    for job in jobs {
        let (id, state, created) = (job.id.get(), job.state.name(), time(Some(job.created_at)));
        let (rows, settled, failed) = (job.rows, job.settled, job.tally.failed());
        let _ = writeln!(text, "{id:<8}{state:<12}{rows:>12}{settled:>12}{failed:>12}  {created}");
    }
    text
}
