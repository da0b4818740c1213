//! The commands, one a file. `serve` has a folder of its own.

pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod customers;
pub(crate) mod doctor;
pub(crate) mod import;
pub(crate) mod import_card;
pub(crate) mod job;
mod job_text;
mod jobs_of;
pub(crate) mod key;
pub(crate) mod map;
pub(crate) mod master_key;
pub(crate) mod migrate;
pub(crate) mod openapi;
mod plan;
pub(crate) mod reconcile;
mod results;
pub(crate) mod sandbox;
mod watch;
mod working;

use cardlift_core::Timestamp;
use cardlift_core::account::AccountName;

use crate::failure::Failure;
use crate::serve::told_to_stop;
use crate::settings::{LogArgs, Problems};
use crate::telemetry;

/// How a time is shown: in UTC, to the second.
const TIME: &str = "%Y-%m-%d %H:%M:%SZ";

/// A time, or a dash where there is none.
fn time(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), |at| at.format(TIME).to_string())
}

/// Starts the log, and gives the settings, where nothing is wrong with any of them.
pub(crate) fn start<T>(
    log: &LogArgs,
    parse: impl FnOnce(&mut Problems) -> Option<T>,
) -> Result<T, Failure> {
    let mut problems = Problems::default();
    let log = log.parse(&mut problems);
    let settings = parse(&mut problems);
    let (log, settings) = problems.or(log.zip(settings))?;
    telemetry::start_log(log);
    Ok(settings)
}

/// What this comes to, unless somebody says to stop. A process that has waited for a signal once
/// does not end by it any more.
async fn unless_stopped<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::select! {
        done = work => done,
        () = told_to_stop() => Err(Failure::because("stopped before the end")),
    }
}

/// An account's name on the command line.
pub(crate) fn account_name(name: &str) -> Result<AccountName, String> {
    AccountName::parse(name).map_err(|error| error.to_string())
}
