//! `cardlift key`.

use std::sync::Arc;

use cardlift_core::account::AccountName;
use cardlift_core::api_key::{ApiKey, ApiKeyId};
use cardlift_core::ports::{ApiKeyStore, Clock, Stores};
use cardlift_core::use_cases::CreateApiKey;
use clap::{Args, Subcommand};
use secrecy::ExposeSecret;

use super::{account_name, start};
use crate::database::{self, Database};
use crate::failure::Failure;
use crate::settings::{DatabaseArgs, LogArgs};
use crate::system::{SystemClock, SystemEntropy};

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key and print it, alone, on stdout; it can't be shown again
    Create(CreateCommand),
    /// List the keys of an account
    List(ListCommand),
    /// Revoke a key, by its id in the list
    Revoke(RevokeCommand),
}

#[derive(Debug, Args)]
pub(crate) struct CreateCommand {
    #[command(flatten)]
    of: KeyArgs,
    /// What to call the key in the list
    #[arg(long, default_value = "")]
    label: String,
}

#[derive(Debug, Args)]
pub(crate) struct ListCommand {
    #[command(flatten)]
    of: KeyArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RevokeCommand {
    #[command(flatten)]
    of: KeyArgs,
    /// The key's id
    id: i64,
}

#[derive(Debug, Args)]
struct KeyArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The account that the key acts for
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = account_name)]
    account: AccountName,
}

impl KeyArgs {
    async fn open(&self, log: &LogArgs) -> Result<Arc<dyn Stores>, Failure> {
        Database::open_migrated(&start(log, |problems| self.database.parse(problems))?).await
    }
}

impl KeyCommand {
    pub(crate) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        match self {
            Self::Create(command) => command.run(log).await,
            Self::List(command) => command.run(log).await,
            Self::Revoke(command) => command.run(log).await,
        }
    }
}

impl CreateCommand {
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let stores = self.of.open(log).await?;
        let create = CreateApiKey {
            accounts: stores.clone(),
            keys: stores,
            entropy: Arc::new(SystemEntropy),
            clock: Arc::new(SystemClock),
        };
        let created = create.run(&self.of.account, &self.label).await?;
        println!("{}", created.secret.issued().expose_secret());
        eprintln!("Key {} of account {}. It is not shown again.", created.key.id, self.of.account);
        Ok(())
    }
}

impl ListCommand {
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let stores = self.of.open(log).await?;
        let account = database::account(stores.as_ref(), &self.of.account).await?;
        let keys = ApiKeyStore::list(stores.as_ref(), account.id).await?;
        println!("{:<8}{:<22}{:<22}LABEL", "ID", "CREATED", "REVOKED");
        for ApiKey { id, created_at, revoked_at, label, .. } in keys {
            let time = "%Y-%m-%d %H:%M:%SZ";
            let revoked = revoked_at.map_or_else(|| "-".into(), |at| at.format(time).to_string());
            println!("{:<8}{:<22}{revoked:<22}{label}", id.get(), created_at.format(time));
        }
        Ok(())
    }
}

impl RevokeCommand {
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let stores = self.of.open(log).await?;
        let account = database::account(stores.as_ref(), &self.of.account).await?;
        let id = ApiKeyId::try_from(self.id)?;
        let revoked = stores.revoke(account.id, id, SystemClock.now()).await?;
        let none = || format!("account {} has no key {id}: see `cardlift key list`", account.name);
        revoked.ok_or_else(|| Failure::because(none()))?;
        println!("Key {id} is revoked.");
        Ok(())
    }
}
