//! `cardlift migrate`.

use clap::Args;

use super::start;
use crate::database::Database;
use crate::failure::Failure;
use crate::settings::{DatabaseArgs, LogArgs};

#[derive(Debug, Args)]
pub(crate) struct MigrateCommand {
    #[command(flatten)]
    database: DatabaseArgs,
    /// List what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

impl MigrateCommand {
    pub(crate) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let settings = start(log, |problems| self.database.parse(problems))?;
        let database = Database::open(&settings).await?;
        let (migrations, done) = if self.dry_run {
            (database.pending_migrations().await?, "to be run")
        } else {
            (database.migrate().await?, "run")
        };
        for migration in &migrations {
            println!("{migration}  {done}");
        }
        if migrations.is_empty() {
            println!("The tables are up to date.");
        }
        Ok(())
    }
}
