//! The command line.

mod usage;

use std::ffi::OsString;

use cardlift_core::audit::{Actor, Who};
use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::{
    account, audit, customers, doctor, import, import_card, job, key, map, master_key, migrate,
    openapi, reconcile, sandbox,
};
use crate::failure::Failure;
use crate::serve;
use crate::settings::LogArgs;

/// Imports payment cards from Stripe's vault into a billing system.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, subcommand_required = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    log: LogArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API
    Serve(serve::ServeCommand),
    /// Import one card or bank account, as the API does
    ImportCard(import_card::ImportCardCommand),
    /// Import the cards that a file says, as a job: CSV or NDJSON, of any length
    ///
    /// The columns, or members, are customerId, stripeCustomerId and stripeCardId; without a card
    /// the default of the Stripe customer is meant. Exit code 3 says that some rows failed, 4 that
    /// the job was paused before its end: as Ctrl-C does it.
    Import(import::ImportCommand),
    /// Watch import jobs, start and stop them, try them again, undo them
    #[command(subcommand)]
    Job(job::JobCommand),
    /// Find out which Stripe customer is which of ours, and write rows for an import
    Map(map::MapCommand),
    /// Compare what a job brought in with what Stripe has now
    ///
    /// Exit code 3 says that there are differences.
    Reconcile(reconcile::ReconcileCommand),
    /// Make accounts, and set them up
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Make, list and revoke API keys
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Show who changed what, and prove that nobody has tampered with it
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// The master key that secrets in the database are sealed under
    #[command(subcommand)]
    MasterKey(master_key::MasterKeyCommand),
    /// The billing system's customers
    #[command(subcommand)]
    Customers(customers::CustomersCommand),
    /// Bring the tables of the database up to date (serve does so by itself)
    Migrate(migrate::MigrateCommand),
    /// Check settings, database and Stripe credentials, and say what to do
    Doctor(doctor::DoctorCommand),
    /// Serve Stripe-shaped answers about made-up cards, with faults on demand
    Sandbox(sandbox::SandboxCommand),
    /// Write the API's description, in OpenAPI 3.1
    Openapi,
}

impl Cli {
    /// What these arguments ask for, the name of the program first. Ends the program where that is help,
    /// or can't be understood.
    pub(crate) fn of(arguments: &[OsString]) -> Self {
        Self::try_parse_from(arguments)
            .unwrap_or_else(|error| usage::as_help_has_it(error, &Self::called(arguments)).exit())
    }

    /// The command that these arguments name, as far as they do.
    pub(crate) fn called(arguments: &[OsString]) -> clap::Command {
        let mut root = Self::command();
        // Each command gets its full name, and the settings that all have.
        root.build();
        let mut called = &root;
        for argument in arguments.iter().skip(1) {
            called = called.find_subcommand(argument).unwrap_or(called);
        }
        called.clone()
    }

    /// Runs the command. Whatever it changes is changed by whoever may run commands; a server acts for
    /// its callers, and else by itself.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Serve(command) => command.run(&self.log).await,
            command => Actor::of(Who::Command).does(command.run(&self.log)).await,
        }
    }
}

impl Command {
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        match self {
            Self::Serve(command) => command.run(log).await,
            Self::ImportCard(command) => command.run(log).await,
            Self::Import(command) => command.run(log).await,
            Self::Job(command) => command.run(log).await,
            Self::Map(command) => command.run(log).await,
            Self::Reconcile(command) => command.run(log).await,
            Self::Account(command) => command.run(log).await,
            Self::Key(command) => command.run(log).await,
            Self::Audit(command) => command.run(log).await,
            Self::MasterKey(command) => command.run(log).await,
            Self::Customers(command) => command.run(log).await,
            Self::Migrate(command) => command.run(log).await,
            Self::Doctor(command) => command.run(log).await,
            Self::Sandbox(command) => command.run().await,
            Self::Openapi => openapi::run(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    /// Every environment variable of every command.
    fn variables(command: &clap::Command) -> Vec<String> {
        let own = command.get_arguments().filter_map(clap::Arg::get_env);
        let own = own.map(|name| name.to_string_lossy().into_owned());
        own.chain(command.get_subcommands().flat_map(variables)).collect()
    }

    #[test]
    fn every_setting_is_documented_and_nothing_else_is() {
        let documented = include_str!("../../../docs/CONFIG.md");
        let documented: std::collections::BTreeSet<_> = documented
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
            .map(|(name, _)| name.to_owned())
            .collect();
        let settings = variables(&Cli::command()).into_iter().collect();
        assert_eq!(documented, settings);
    }
}
