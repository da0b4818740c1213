//! The import jobs of an account, for the commands that have to do with them.

use std::sync::Arc;

use cardlift_core::account::{Account, AccountId, AccountName};
use cardlift_core::job::{Job, JobId};
use cardlift_core::ports::Stores;
use cardlift_core::use_cases::{ImportJobError, ImportJobs};
use clap::Args;

use super::{account_name, start};
use crate::database::{self, Database};
use crate::failure::Failure;
use crate::settings::{DatabaseArgs, DatabaseSettings, LogArgs, Problems};
use crate::system::SystemClock;

#[derive(Debug, Args)]
pub(crate) struct WhichJobs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The account that the jobs and the customers belong to
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = account_name)]
    account: AccountName,
}

/// An account's jobs.
pub(crate) struct JobsOf {
    pub(crate) stores: Arc<dyn Stores>,
    pub(crate) account: Account,
    pub(crate) jobs: ImportJobs,
}

impl WhichJobs {
    pub(crate) fn parse(&self, problems: &mut Problems) -> Option<DatabaseSettings> {
        self.database.parse(problems)
    }

    /// For a command that has no other settings.
    pub(crate) async fn start(&self, log: &LogArgs) -> Result<JobsOf, Failure> {
        let database = start(log, |problems| self.parse(problems))?;
        self.open(&database).await
    }

    /// For a command about what is there.
    pub(crate) async fn open(&self, database: &DatabaseSettings) -> Result<JobsOf, Failure> {
        self.over(Database::open_existing(database).await?).await
    }

    /// For a command that makes something.
    pub(crate) async fn open_or_make(
        &self,
        database: &DatabaseSettings,
    ) -> Result<JobsOf, Failure> {
        self.over(Database::open_migrated(database).await?).await
    }

    async fn over(&self, stores: Arc<dyn Stores>) -> Result<JobsOf, Failure> {
        let account = database::account(stores.as_ref(), &self.account).await?;
        let jobs = ImportJobs {
            accounts: stores.clone(),
            jobs: stores.clone(),
            clock: Arc::new(SystemClock),
        };
        Ok(JobsOf { stores, account, jobs })
    }
}

impl JobsOf {
    pub(crate) async fn find(&self, job: JobId) -> Result<Job, ImportJobError> {
        self.jobs.find(self.account.id, job).await
    }

    /// A command to paste: `cardlift job resume 7`, with the account where it is not the default.
    pub(crate) fn command(&self, verb: &str, job: JobId) -> String {
        let mut command = format!("cardlift job {verb} {job}");
        if self.account.id != AccountId::DEFAULT {
            command.push_str(" --account ");
            command.push_str(self.account.name.as_str());
        }
        command
    }
}

/// A job's id on the command line.
pub(crate) fn job_id(text: &str) -> Result<JobId, String> {
    let number: i64 = text.parse().map_err(|_| "must be a whole number")?;
    JobId::try_from(number).map_err(|error| error.to_string())
}
