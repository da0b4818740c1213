//! `cardlift migrate`.

use clap::Args;

use super::start;
use crate::database::Database;
use crate::failure::Failure;
use crate::settings::{DatabaseArgs, DatabaseUrl, LogArgs};

#[derive(Debug, Args)]
pub(crate) struct MigrateCommand {
    #[command(flatten)]
    database: DatabaseArgs,
    /// List what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Let this role of Postgres do with the tables what serving needs, and no more
    #[arg(long, value_name = "ROLE", conflicts_with = "dry_run")]
    grant_to: Option<String>,
}

impl MigrateCommand {
    pub(crate) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let settings = start(log, |problems| self.database.parse(problems))?;
        if self.grant_to.is_some() && matches!(settings.url, DatabaseUrl::Sqlite(_)) {
            return Err(Failure::setting("--grant-to", "is for Postgres: SQLite has no roles"));
        }
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
        if let Some(role) = &self.grant_to {
            database.grant_to(role).await?;
            println!("The role {role} may work with the tables, and change nothing about them.");
        }
        Ok(())
    }
}
