//! `cardlift account`.

use std::sync::Arc;

use cardlift_core::account::{Account, AccountName};
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
            Self::Disconnect(DisconnectCommand { which }) => which.connect(log, None).await?,
        }
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
    println!("Account:                   {}", account.name);
    println!("Connected Stripe account:  {}", connected.map_or("none", ConnectedAccountId::as_str));
}

fn connected_account(text: &str) -> Result<ConnectedAccountId, String> {
    ConnectedAccountId::parse(text).map_err(|error| error.to_string())
}
