//! `cardlift key`.

use std::sync::Arc;

use cardlift_core::Timestamp;
use cardlift_core::account::{Account, AccountName};
use cardlift_core::api_key::{ApiKey, ApiKeyId, KeyLabel, Scopes, end_of_key};
use cardlift_core::ports::Stores;
use cardlift_core::use_cases::{ApiKeyError, ApiKeys, CreateApiKey, Operator, WantedApiKey};
use clap::{Args, Subcommand};
use secrecy::ExposeSecret;

use super::{account_name, start, time};
use crate::database::{self, Database};
use crate::failure::Failure;
use crate::master_keys;
use crate::settings::{DatabaseArgs, LogArgs, MasterKeyArgs};
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
    #[command(flatten)]
    master_key: MasterKeyArgs,
    /// What to call the key in the list
    #[arg(long, default_value = "", value_parser = label)]
    label: KeyLabel,
    /// What it may be used for, with commas between: import, read, manage; admin, which is the operator's,
    /// for keys of the default account alone
    #[arg(long, value_name = "SCOPES", default_value_t, value_parser = scopes)]
    scope: Scopes,
    /// The last day that it is good for, in UTC (2027-01-31), or a time (2027-01-31T12:00:00Z) [default:
    /// until it is revoked]
    #[arg(long, value_name = "DAY", value_parser = end)]
    expires: Option<Timestamp>,
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
    async fn open(&self, log: &LogArgs) -> Result<(Arc<dyn Stores>, Account), Failure> {
        let settings = start(log, |problems| self.database.parse(problems))?;
        let stores = Database::open_existing(&settings).await?;
        let account = database::account(stores.as_ref(), &self.account).await?;
        Ok((stores, account))
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
        let (database, master_key) =
            start(log, |problems| self.master_key.parse_with(problems, &self.of.database))?;
        let stores = Database::open_migrated(&database).await?;
        let account = database::account(stores.as_ref(), &self.of.account).await?;
        let sealer = master_keys::open_to_seal(&master_key, &stores).await?;
        let create = CreateApiKey {
            accounts: stores.clone(),
            hash: master_keys::hash_key(sealer, &stores).await?,
            keys: stores,
            entropy: Arc::new(SystemEntropy),
            clock: Arc::new(SystemClock),
        };
        let created = create
            .run(WantedApiKey {
                account: account.id,
                label: self.label,
                scopes: self.scope,
                expires_at: self.expires,
            })
            .await?;
        println!("{}", created.secret.issued().expose_secret());
        eprintln!("Key {} of account {}. It is not shown again.", created.key.id, self.of.account);
        Ok(())
    }
}

impl ListCommand {
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let (stores, account) = self.of.open(log).await?;
        let keys = database::keys(stores.as_ref(), account.id).await?;
        println!(
            "{}",
            line(["ID", "CREATED", "EXPIRES", "LAST USED", "REVOKED", "SCOPES", "LABEL"])
        );
        for key in keys {
            let ApiKey {
                id, label, scopes, created_at, expires_at, last_used_at, revoked_at, ..
            } = key;
            let [id, scopes] = [id.to_string(), scopes.to_string()];
            let times = [Some(created_at), expires_at, last_used_at, revoked_at].map(time);
            let [created, expires, last_used, revoked] = times.each_ref().map(String::as_str);
            println!("{}", line([&id, created, expires, last_used, revoked, &scopes, &label]));
        }
        Ok(())
    }
}

impl RevokeCommand {
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let (stores, account) = self.of.open(log).await?;
        let id = ApiKeyId::try_from(self.id)?;
        let clock = Arc::new(SystemClock);
        let keys = ApiKeys { accounts: stores.clone(), keys: stores, clock };
        let revoked = keys.revoke(Operator::Console, account.id, id).await;
        revoked.map_err(|error| match error {
            ApiKeyError::NotFound(_) => Failure::because(format!(
                "account {} has no key {id}: see `cardlift key list`",
                account.name
            )),
            error => error.into(),
        })?;
        println!("Key {id} is revoked.");
        Ok(())
    }
}

/// A line of the list: id, times, scopes and label.
fn line([id, created, expires, last_used, revoked, scopes, label]: [&str; 7]) -> String {
    let times = format!("{created:<22}{expires:<22}{last_used:<22}{revoked:<22}");
    format!("{id:<8}{times}{scopes:<26}{label}").trim_end().to_owned()
}

fn scopes(text: &str) -> Result<Scopes, String> {
    Scopes::parse(text).map_err(|error| error.to_string())
}

fn end(text: &str) -> Result<Timestamp, String> {
    end_of_key(text).map_err(|error| error.to_string())
}

fn label(text: &str) -> Result<KeyLabel, String> {
    KeyLabel::parse(text).map_err(|error| error.to_string())
}
