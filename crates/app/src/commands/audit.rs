//! `cardlift audit`.

mod list;
mod verify;

use clap::Subcommand;

use self::list::ListCommand;
use self::verify::VerifyCommand;
use crate::failure::Failure;
use crate::settings::LogArgs;

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// List the changes of an account, the oldest first
    ///
    /// A line for each: when, in which batch, by whom (a key, a job, a command, or the program by
    /// itself), in which request, what was done, to what, and what that was before and is after. What
    /// was changed together has one batch.
    List(ListCommand),
    /// Prove that the changes are as they were written
    ///
    /// Chains what waits to be chained, looks at every batch of each account, and says where each chain
    /// ends. Keep that, --head NAME=POSITION:SEAL, away from the database, and give it to the next
    /// verification: without it nobody can tell that the end of a chain was cut off.
    ///
    /// Exit code 3 says that there are flaws, a line each: somebody wrote to the database, past
    /// Cardlift. Keep a copy of the database as it is, find the entry in an older backup, and find out
    /// who has the database's password. Nothing of it is mended.
    Verify(VerifyCommand),
}

impl AuditCommand {
    pub(crate) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        match self {
            Self::List(command) => command.run(log).await,
            Self::Verify(command) => command.run(log).await,
        }
    }
}
