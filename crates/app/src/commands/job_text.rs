//! A job in words, for people.

use std::fmt::Write as _;

use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::job::{CardChoice, HaltReason, Job, JobState, RunMode};

use super::jobs_of::JobsOf;
use super::time;

/// Why rows failed, in a line: `card_not_found 3, no_card 1`.
pub(crate) fn failures(job: &Job) -> String {
    let failures = job.tally.iter().filter(|(outcome, _)| outcome.is_failure());
    let each = failures.map(|(outcome, count)| format!("{} {count}", outcome.name()));
    each.collect::<Vec<_>>().join(", ")
}

/// What became of the rows, as a table that adds up.
pub(crate) fn results(job: &Job) -> String {
    let mut text = String::new();
    let mut line = |what: &str, count: u64| {
        let _ = writeln!(text, "  {what:<36}{count:>12}");
    };
    for (outcome, count) in job.tally.iter() {
        if outcome.is_failure() {
            line(&format!("failed: {}", outcome.name()), count);
        } else {
            line(outcome.name(), count);
        }
    }
    line("results", job.tally.total());
    line("rows", job.rows);
    line("rows with their results", job.settled);
    line("rows without a result", job.pending());
    line("calls of Stripe", job.vault_calls);
    text
}

/// Where a job stands, in a sentence.
pub(crate) fn standing(job: &Job) -> String {
    let id = job.id;
    let dry = match job.options.mode {
        RunMode::DryRun => " It was a dry run: this is what an import would do.",
        RunMode::Import => "",
    };
    match (job.state, job.halt) {
        (JobState::Finished, _) => format!("Job {id} is finished.{dry}"),
        (JobState::Undone, _) => format!("Job {id} is undone."),
        (state, Some(halt)) => format!("Job {id} is {}: {}.", state.name(), reason(halt)),
        (state, None) => format!("Job {id} is {}.", state.name()),
    }
}

/// That a job is left to whoever works on jobs. Being under way is not the same as being worked on.
pub(crate) fn left_to_others(job: &Job) -> String {
    let id = job.id;
    let begun = if job.state == JobState::Undoing { "is to be undone" } else { "is started" };
    format!("Job {id} {begun}: a running `cardlift serve` works on it; without one it waits.")
}

/// What can be done next, with a command to paste.
pub(crate) fn next_steps(here: &JobsOf, job: &Job) -> Vec<String> {
    let command = |verb| here.command(verb, job.id);
    let mut steps = Vec::new();
    if job.tally.failed() > 0 {
        let results = command("results");
        steps.push(format!("Those that failed:  {results} --outcome failed"));
    }
    match job.state {
        JobState::Ready => steps.push(format!("To start it:        {}", command("start"))),
        JobState::Paused => steps.push(format!("To let it go on:    {}", command("resume"))),
        JobState::Running => steps.push(format!("To look at it:      {}", command("status"))),
        JobState::Undoing => steps.push(format!("To go on with it:   {}", command("undo"))),
        JobState::Receiving | JobState::Finished | JobState::Cancelled | JobState::Undone => {}
    }
    steps
}

/// All of it.
pub(crate) fn described(job: &Job) -> String {
    let options = &job.options;
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<24}{value}");
    };
    let halt = job.halt.map(|halt| format!(", {}", reason(halt))).unwrap_or_default();
    line("Job:", &job.id.to_string());
    line("State:", &format!("{}{halt}", job.state.name()));
    line(
        "Stripe account:",
        options.vault.connected.as_ref().map_or("own", ConnectedAccountId::as_str),
    );
    line(
        "Cards:",
        match options.cards {
            CardChoice::NamedOrDefault => "the one that a row names, else the default",
            CardChoice::All => "every card",
        },
    );
    line(
        "Dry run:",
        match options.mode {
            RunMode::DryRun => "yes",
            RunMode::Import => "no",
        },
    );
    line("Reading:", options.reading.name());
    if let Some(canary) = job.canary {
        line("Pauses after:", &format!("{canary} rows"));
    }
    line("Created:", &time(Some(job.created_at)));
    line("Started:", &time(job.started_at));
    line("Finished:", &time(job.finished_at));
    text.push_str("Rows and results:\n");
    text.push_str(&results(job));
    text
}

const fn reason(halt: HaltReason) -> &'static str {
    match halt {
        HaltReason::CanaryDone => "the rows that were to be tried first have been",
        HaltReason::VaultRefused => "Stripe refuses the key: `cardlift doctor` says more",
        HaltReason::VaultUnavailable => {
            "Stripe was out of reach for too long: `cardlift doctor` says more"
        }
        HaltReason::UploadBroken => "its rows did not all come",
        HaltReason::VaultUnreadable => {
            "Stripe's lists of customers can't be read: the log says why"
        }
        HaltReason::StoreFailed => "the database refused what was to be written: the log says why",
    }
}
