//! `cardlift job`.

mod act;
mod list;
mod show;
mod undone;

use std::path::PathBuf;

use cardlift_core::job::{Job, JobAction, JobId, OutcomeFilter, RowOutcome};
use cardlift_http::ResultsForm;
use cardlift_rows::Format;
use clap::{Args, Subcommand};

use self::act::ActCommand;
use super::import::format_word;
use super::jobs_of::{JobsOf, WhichJobs, job_id};
use super::results::{self, Sink, Wanted};
use super::{job_text, jobs_of};
use crate::failure::Failure;
use crate::settings::LogArgs;

#[derive(Debug, Subcommand)]
pub(crate) enum JobCommand {
    /// List the jobs of an account, the newest first
    List(list::ListCommand),
    /// Say where a job stands
    Status(show::StatusCommand),
    /// Say what each way of reading Stripe would take for what a job still wants
    Plan(show::PlanCommand),
    /// Start a job that is ready, work on it, and wait for its end
    Start(StartCommand),
    /// Pause a job that runs
    Pause(OneJob),
    /// Let a job that is paused go on to its end, work on it, and wait
    Resume(ActCommand),
    /// Give a job up; what it imported stays
    Cancel(OneJob),
    /// Try the rows again that failed, and wait
    Retry(ActCommand),
    /// Delete the payment methods that a job brought in, and wait
    Undo(ActCommand),
    /// Write what became of the rows, in the order of the file
    Results(ResultsCommand),
}

#[derive(Debug, Args)]
pub(crate) struct StartCommand {
    /// Pause after so many rows, to be looked at
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    canary: Option<u64>,
    #[command(flatten)]
    act: ActCommand,
}

#[derive(Debug, Args)]
pub(crate) struct OneJob {
    #[command(flatten)]
    which: WhichJobs,
    /// The job
    #[arg(value_parser = jobs_of::job_id)]
    job: JobId,
}

#[derive(Debug, Args)]
pub(crate) struct ResultsCommand {
    #[command(flatten)]
    which: WhichJobs,
    /// Which rows: all, pending, failed, or those of one outcome
    #[arg(long, default_value = "all", value_parser = outcome)]
    outcome: OutcomeFilter,
    /// How they are written: csv or ndjson [default: as the name of the file says, else csv]
    #[arg(long, value_name = "FORMAT", value_parser = format_word)]
    format: Option<Format>,
    /// Into this file, rather than to stdout
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The job
    #[arg(value_parser = job_id)]
    job: JobId,
}

impl JobCommand {
    pub(crate) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        match self {
            Self::List(command) => command.run(log).await,
            Self::Status(command) => command.run(log).await,
            Self::Plan(command) => command.run(log).await,
            Self::Start(StartCommand { canary, act }) => {
                act.run(log, JobAction::Start { canary }).await
            }
            Self::Pause(job) => job.act(log, JobAction::Pause).await,
            Self::Resume(command) => command.run(log, JobAction::Resume).await,
            Self::Cancel(job) => job.act(log, JobAction::Cancel).await,
            Self::Retry(command) => command.run(log, JobAction::Retry).await,
            Self::Undo(command) => command.run(log, JobAction::Undo).await,
            Self::Results(command) => command.run(log).await,
        }
    }
}

impl OneJob {
    /// Does something with the job that is done at once.
    async fn act(self, log: &LogArgs, action: JobAction) -> Result<(), Failure> {
        let here = self.which.start(log).await?;
        let job = here.jobs.act(here.account.id, self.job, action).await?;
        tell_standing(&here, &job);
        Ok(())
    }
}

impl ResultsCommand {
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let here = self.which.start(log).await?;
        let job = here.find(self.job).await?.id;
        let sink = Sink::open(self.output.as_ref())?;
        let by_name = || self.output.as_deref().map_or(ResultsForm::Csv, results::form_of);
        let form = match self.format {
            Some(Format::Csv) => ResultsForm::Csv,
            Some(Format::Ndjson) => ResultsForm::Ndjson,
            None => by_name(),
        };
        let wanted = Wanted { filter: self.outcome, form };
        let count = results::write(&here, job, wanted, sink).await?;
        if let Some(file) = self.output {
            eprintln!("{count} results are in {}.", file.display());
        }
        Ok(())
    }
}

/// Tells how a job ended, with what became of its rows, and what can be done next.
pub(crate) fn tell(here: &JobsOf, job: &Job) {
    println!("{}", job_text::standing(job));
    print!("{}", job_text::results(job));
    tell_next_steps(here, job);
}

/// Tells where a job stands, and what can be done next.
pub(crate) fn tell_standing(here: &JobsOf, job: &Job) {
    println!("{}", job_text::standing(job));
    tell_next_steps(here, job);
}

/// Tells that a job is left to whoever works on jobs, and how to look at it.
pub(crate) fn tell_left(here: &JobsOf, job: &Job) {
    println!("{}", job_text::left_to_others(job));
    tell_next_steps(here, job);
}

fn tell_next_steps(here: &JobsOf, job: &Job) {
    for step in job_text::next_steps(here, job) {
        println!("{step}");
    }
}

fn outcome(text: &str) -> Result<OutcomeFilter, String> {
    OutcomeFilter::from_name(text).ok_or_else(|| {
        let names = RowOutcome::ALL.map(RowOutcome::name).join(", ");
        format!("must be one of all, pending, failed, {names}")
    })
}
