//! `cardlift account`.

use std::sync::Arc;

use cardlift_core::account::{Account, AccountName, RateLimits};
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::ports::Stores;
use clap::{Args, Subcommand};

use super::{account_name, start};
use crate::database::{self, Database};
use crate::failure::Failure;
use crate::settings::{DatabaseArgs, LogArgs};

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Show how an account is set up
    Show(ShowCommand),
    /// Set the connected Stripe account that the stripeConnect imports of an account read
    Connect(ConnectCommand),
    /// Set how many requests each key of an account may make
    Limit(LimitCommand),
    /// Let an account read no connected Stripe account any more
    Disconnect(DisconnectCommand),
}

#[derive(Debug, Args)]
pub(crate) struct ShowCommand {
    #[command(flatten)]
    which: WhichAccount,
}

#[derive(Debug, Args)]
pub(crate) struct ConnectCommand {
    #[command(flatten)]
    which: WhichAccount,
    /// The connected Stripe account: acct_..
    #[arg(value_name = "ID", value_parser = connected_account)]
    stripe_account: ConnectedAccountId,
}

#[derive(Debug, Args)]
pub(crate) struct DisconnectCommand {
    #[command(flatten)]
    which: WhichAccount,
}

#[derive(Debug, Args)]
pub(crate) struct LimitCommand {
    #[command(flatten)]
    which: WhichAccount,
    /// Requests in a minute; `off` for as many as it likes
    #[arg(long, value_name = "COUNT", value_parser = limit)]
    per_minute: Option<Limit>,
    /// Requests in a day; `off` for as many as it likes
    #[arg(long, value_name = "COUNT", value_parser = limit)]
    per_day: Option<Limit>,
}

/// A limit as it is given: `None` is off.
#[derive(Debug, Clone, Copy)]
struct Limit(Option<u32>);

#[derive(Debug, Args)]
struct WhichAccount {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The account
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = account_name)]
    account: AccountName,
}

impl AccountCommand {
    pub(crate) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        match self {
            Self::Show(ShowCommand { which }) => {
                let (_, account) = which.open(log).await?;
                show(&account);
            }
            Self::Connect(ConnectCommand { which, stripe_account }) => {
                which.connect(log, Some(stripe_account)).await?;
            }
            Self::Limit(command) => command.run(log).await?,
            Self::Disconnect(DisconnectCommand { which }) => which.connect(log, None).await?,
        }
        Ok(())
    }
}

impl LimitCommand {
    /// What is not named stays as it is.
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let (stores, account) = self.which.open(log).await?;
        let limits = RateLimits {
            per_minute: self.per_minute.map_or(account.limits.per_minute, |limit| limit.0),
            per_day: self.per_day.map_or(account.limits.per_day, |limit| limit.0),
        };
        let changed = stores.limit(account.id, limits).await?;
        show(&changed.unwrap_or(account));
        Ok(())
    }
}

impl WhichAccount {
    async fn open(&self, log: &LogArgs) -> Result<(Arc<dyn Stores>, Account), Failure> {
        let settings = start(log, |problems| self.database.parse(problems))?;
        let stores = Database::open_migrated(&settings).await?;
        let account = database::account(stores.as_ref(), &self.account).await?;
        Ok((stores, account))
    }

    async fn connect(
        &self,
        log: &LogArgs,
        connected: Option<ConnectedAccountId>,
    ) -> Result<(), Failure> {
        let (stores, account) = self.open(log).await?;
        let changed = stores.connect(account.id, connected).await?;
        show(&changed.unwrap_or(account));
        Ok(())
    }
}

fn show(account: &Account) {
    let connected = account.connected_account.as_ref();
    let connected = connected.map_or("none", ConnectedAccountId::as_str);
    println!("Account:                    {}", account.name);
    println!("Connected Stripe account:   {connected}");
    println!("Requests a minute per key:  {}", told(account.limits.per_minute));
    println!("Requests a day per key:     {}", told(account.limits.per_day));
}

fn told(limit: Option<u32>) -> String {
    limit.map_or_else(|| "off".to_owned(), |limit| limit.to_string())
}

fn limit(text: &str) -> Result<Limit, String> {
    match text.parse() {
        _ if text == "off" => Ok(Limit(None)),
        Ok(limit) if limit > 0 => Ok(Limit(Some(limit))),
        _ => Err("must be a whole number from 1 to 4294967295, or off".to_owned()),
    }
}

fn connected_account(text: &str) -> Result<ConnectedAccountId, String> {
    ConnectedAccountId::parse(text).map_err(|error| error.to_string())
}
