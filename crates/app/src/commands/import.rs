//! `cardlift import`.

mod file;
mod upload;

use std::path::PathBuf;

use cardlift_core::job::{CardChoice, Job, JobAction, OutcomeFilter, ReadingChoice, RunMode};
use cardlift_core::use_cases::{ImportFrom, NewImportJob};
use cardlift_rows::Format;
use clap::Args;

use self::file::Input;
pub(crate) use self::file::format_word;
use super::job::{tell, tell_left, tell_standing};
use super::jobs_of::{JobsOf, WhichJobs};
use super::results::{self, Sink, Wanted};
use super::working::{WorkArgs, patient};
use super::{plan, start, unless_stopped, watch};
use crate::failure::Failure;
use crate::settings::LogArgs;

#[derive(Debug, Args)]
pub(crate) struct ImportCommand {
    #[command(flatten)]
    which: WhichJobs,
    #[command(flatten)]
    work: WorkArgs,
    #[command(flatten)]
    wanted: WantedArgs,
    #[command(flatten)]
    until: UntilArgs,
    /// How the file is written: csv or ndjson [default: as its name says]
    #[arg(long, value_name = "FORMAT", value_parser = format_word)]
    format: Option<Format>,
    /// The file, or - for stdin
    file: PathBuf,
}

/// What the job is to do.
#[derive(Debug, Args)]
struct WantedArgs {
    /// Look in the connected Stripe account that is set for the account
    #[arg(long)]
    connected: bool,
    /// Find out what importing would do, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Import every card of the customers, whichever the rows name
    #[arg(long)]
    all_cards: bool,
    /// How Stripe is read: customer by customer (customers), the whole account (scan), or in the
    /// way that takes the fewest calls (cheapest)
    #[arg(long, value_name = "WAY", default_value = "cheapest", value_parser = reading)]
    reading: ReadingChoice,
}

/// How far it goes.
#[derive(Debug, Args)]
struct UntilArgs {
    /// Pause after so many rows, to be looked at
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    canary: Option<u64>,
    /// Say what each way of reading Stripe would take, and import nothing: the job is cancelled
    #[arg(long, conflicts_with_all = ["canary", "no_wait", "results", "create_only"])]
    plan: bool,
    /// Make the job, and do not start it
    #[arg(long, conflicts_with_all = ["canary", "no_wait", "results"])]
    create_only: bool,
    /// Write what became of the rows into this file when it is over: .csv or .ndjson
    #[arg(long, value_name = "FILE", conflicts_with = "no_wait")]
    results: Option<PathBuf>,
}

impl ImportCommand {
    pub(crate) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let waits = !self.work.no_wait && !self.until.create_only;
        let (database, work) = start(log, |problems| {
            let database = self.which.parse(problems);
            let work = self.work.parse(problems, database.as_ref(), waits);
            database.zip(work)
        })?;
        let input = Input::open(&self.file, self.format).await?;
        // Rather than when all is done.
        let results = self.results()?;
        let here = self.which.open_or_make(&database).await?;
        let work = match work {
            Some(work) => Some(work.open(&here).await?),
            None => None,
        };
        let job = upload::upload(&here, self.wanted.job(), input).await?;
        let job_id = job.id;
        println!("Job {job_id}: {} rows of {}.", job.rows, self.file.display());
        let Some(work) = work else { return self.leave_to_others(&here, &job).await };
        if self.until.plan {
            let vault = patient(work.vault);
            let planned = unless_stopped(plan::print(&here, vault, work.rates, &job)).await;
            here.jobs.act(here.account.id, job_id, JobAction::Cancel).await?;
            println!("Job {job_id} was made for this plan alone, and is cancelled.");
            return planned;
        }
        self.start(&here, &job).await?;
        let job = watch::work_and_watch(&here, &work, job_id).await?;
        if let Some((wanted, sink)) = results {
            unless_stopped(results::write(&here, job_id, wanted, sink)).await?;
        }
        tell(&here, &job);
        watch::verdict(&job)
    }

    /// The results that are to be written when it is over, and the file.
    fn results(&self) -> Result<Option<(Wanted, Sink)>, Failure> {
        let Some(file) = &self.until.results else { return Ok(None) };
        let wanted = Wanted { filter: OutcomeFilter::Every, form: results::form_of(file) };
        Ok(Some((wanted, Sink::open(Some(file))?)))
    }

    async fn leave_to_others(&self, here: &JobsOf, job: &Job) -> Result<(), Failure> {
        if self.until.create_only {
            tell_standing(here, job);
        } else {
            tell_left(here, &self.start(here, job).await?);
        }
        Ok(())
    }

    async fn start(&self, here: &JobsOf, job: &Job) -> Result<Job, Failure> {
        let action = JobAction::Start { canary: self.until.canary };
        Ok(here.jobs.act(here.account.id, job.id, action).await?)
    }
}

impl WantedArgs {
    const fn job(&self) -> NewImportJob {
        NewImportJob {
            from: if self.connected {
                ImportFrom::ConnectedAccount
            } else {
                ImportFrom::OwnAccount
            },
            cards: if self.all_cards { CardChoice::All } else { CardChoice::NamedOrDefault },
            mode: if self.dry_run { RunMode::DryRun } else { RunMode::Import },
            reading: self.reading,
        }
    }
}

fn reading(text: &str) -> Result<ReadingChoice, String> {
    let names = ReadingChoice::ALL.map(ReadingChoice::name).join(", ");
    ReadingChoice::from_name(text).ok_or_else(|| format!("must be one of {names}"))
}
