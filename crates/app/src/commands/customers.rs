//! `cardlift customers`.

mod csv;

use std::path::{Path, PathBuf};

use cardlift_core::account::{Account, AccountName};
use cardlift_core::customer::{CustomerRecord, LoadCounts};
use cardlift_core::ports::{Clock, CustomerRepository};
use clap::{Args, Subcommand};

use self::csv::Reader;
use super::{account_name, start};
use crate::database::{self, Database};
use crate::failure::Failure;
use crate::settings::{DatabaseArgs, LogArgs};
use crate::system::SystemClock;

/// How many customers are written at a time.
const BATCH: usize = 5_000;

/// How many bad lines are told of.
const TOLD: usize = 20;

#[derive(Debug, Subcommand)]
pub(crate) enum CustomersCommand {
    /// Load customers from a CSV file, under the ids the billing system gave them
    ///
    /// The file has a header line. The column customerId is required; firstName, lastName,
    /// companyName, primaryEmail and reference are taken where they are there, others ignored.
    /// A customer who is there already is updated; empty fields leave what is stored. The whole
    /// file is read and checked before anything is written.
    Load(LoadCommand),
}

#[derive(Debug, Args)]
pub(crate) struct LoadCommand {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The account that the customers belong to
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = account_name)]
    account: AccountName,
    /// The CSV file
    file: PathBuf,
}

impl CustomersCommand {
    pub(crate) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        match self {
            Self::Load(command) => command.run(log).await,
        }
    }
}

impl LoadCommand {
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let settings = start(log, |problems| self.database.parse(problems))?;
        check(&self.file).await?;
        let stores = Database::open_migrated(&settings).await?;
        let account = database::account(stores.as_ref(), &self.account).await?;
        let counts = load(stores.as_ref(), &account, &self.file).await?;
        println!("{} customers created, {} updated.", counts.created, counts.updated);
        Ok(())
    }
}

/// Reads the whole file, and tells of its bad lines.
async fn check(file: &Path) -> Result<(), Failure> {
    let mut reader = Reader::open(file).await?;
    let mut bad_lines = 0_u64;
    while let Some(record) = reader.next().await {
        if let Err(bad_line) = record {
            if bad_lines < u64::try_from(TOLD)? {
                eprintln!("{}: {bad_line}", file.display());
            }
            bad_lines += 1;
        }
    }
    match bad_lines {
        0 => Ok(()),
        1 => Err(Failure::because("a line can't be loaded, so nothing was: mend it and try again")),
        bad => Err(Failure::because(format!(
            "{bad} lines can't be loaded, so nothing was: mend them and try again"
        ))),
    }
}

/// Writes the file, a batch at a time. Loading it again after a failure does no harm.
async fn load(
    customers: &dyn CustomerRepository,
    account: &Account,
    file: &Path,
) -> Result<LoadCounts, Failure> {
    let mut reader = Reader::open(file).await?;
    let mut counts = LoadCounts::default();
    let mut batch: Vec<CustomerRecord> = Vec::with_capacity(BATCH);
    loop {
        let record = reader.next().await.transpose()?;
        let ended = record.is_none();
        batch.extend(record);
        if batch.len() == BATCH || ended {
            counts += customers.load(account.id, &batch, SystemClock.now()).await?;
            batch.clear();
        }
        if ended {
            return Ok(counts);
        }
    }
}
