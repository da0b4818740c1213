//! The program: reads its settings, wires the adapters to the use cases, runs a command.
#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a command-line program talks to its user; what happens while it serves is logged"
)]

mod arguments;
mod cli;
mod commands;
mod database;
mod failure;
mod master_keys;
mod new_file;
mod screen;
mod serve;
mod settings;
mod system;
mod telemetry;
mod tls;
mod vaults;
mod workers;

use std::process::ExitCode;

use crate::failure::Failure;

#[tokio::main]
async fn main() -> ExitCode {
    match Box::pin(run()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn run() -> Result<(), Failure> {
    cli::Cli::of(&arguments::checked()?).run().await
}
