//! `cardlift account`.

mod vault_key;

use std::sync::Arc;

use cardlift_core::account::{Account, AccountChange, AccountId, AccountName};
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::payment_method::DefaultChoice;
use cardlift_core::ports::{Clock as _, Stores};
use cardlift_core::use_cases::{AccountDetails, Accounts, Operator};
use cardlift_core::vault::VaultMode;
use clap::{Args, Subcommand, ValueEnum};

use self::vault_key::{RemoveKeyCommand, SetKeyCommand};
use super::{TIME, account_name, start};
use crate::database::{self, Database};
use crate::failure::Failure;
use crate::settings::{DatabaseArgs, LogArgs};
use crate::system::SystemClock;

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Make an account
    Create(CreateCommand),
    /// List the accounts
    List(ListCommand),
    /// Show how an account is set up
    Show(ShowCommand),
    /// Give an account a Stripe key of its own, read from stdin
    SetKey(SetKeyCommand),
    /// Take an account's Stripe key away
    RemoveKey(RemoveKeyCommand),
    /// Set the connected Stripe account that the stripeConnect imports of an account read
    Connect(ConnectCommand),
    /// Let an account read no connected Stripe account any more
    Disconnect(DisconnectCommand),
    /// Set how many requests each key of an account may make
    Limit(LimitCommand),
    /// Set what an import that does not say makes of the customer's default
    Default(DefaultCommand),
    /// Let none of an account's keys in, and nobody work on its jobs
    Disable(DisableCommand),
    /// Let them in again
    Enable(EnableCommand),
}

#[derive(Debug, Args)]
pub(crate) struct CreateCommand {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Its name: of a-z, 0-9 and -
    #[arg(value_name = "NAME", value_parser = account_name)]
    name: AccountName,
}

#[derive(Debug, Args)]
pub(crate) struct ListCommand {
    #[command(flatten)]
    database: DatabaseArgs,
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

#[derive(Debug, Args)]
pub(crate) struct DefaultCommand {
    #[command(flatten)]
    which: WhichAccount,
    /// What becomes of it
    choice: Choice,
}

#[derive(Debug, Args)]
pub(crate) struct DisableCommand {
    #[command(flatten)]
    which: WhichAccount,
}

#[derive(Debug, Args)]
pub(crate) struct EnableCommand {
    #[command(flatten)]
    which: WhichAccount,
}

/// A limit as it is given: `None` is off.
#[derive(Debug, Clone, Copy)]
struct Limit(Option<u32>);

/// What becomes of a default, as it is given.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Choice {
    /// The customer's default stays what it is
    Leave,
    /// The card becomes the default
    Replace,
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
            Self::Create(command) => command.run(log).await,
            Self::List(command) => command.run(log).await,
            Self::Show(ShowCommand { which }) => {
                let (accounts, id) = which.open(log).await?;
                show(&accounts.find(id).await?);
                Ok(())
            }
            Self::SetKey(command) => command.run(log).await,
            Self::RemoveKey(command) => command.run(log).await,
            Self::Connect(ConnectCommand { which, stripe_account }) => {
                which.set_up(log, &[AccountChange::Connect(Some(stripe_account))]).await
            }
            Self::Disconnect(DisconnectCommand { which }) => {
                which.change(log, &[AccountChange::Connect(None)]).await
            }
            Self::Limit(command) => command.run(log).await,
            Self::Default(DefaultCommand { which, choice }) => {
                which.set_up(log, &[AccountChange::ChooseDefault(choice.into())]).await
            }
            Self::Disable(DisableCommand { which }) => {
                which.change(log, &[AccountChange::Disable(SystemClock.now())]).await
            }
            Self::Enable(EnableCommand { which }) => {
                which.change(log, &[AccountChange::Enable]).await
            }
        }
    }
}

impl CreateCommand {
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let settings = start(log, |problems| self.database.parse(problems))?;
        let stores = Database::open_migrated(&settings).await?;
        let accounts = Accounts { accounts: stores.clone(), secrets: stores };
        show(&accounts.create(&self.name).await?);
        eprintln!("Give it a Stripe key: cardlift account set-key --account {}", self.name);
        eprintln!("And an API key:       cardlift key create --account {}", self.name);
        Ok(())
    }
}

impl ListCommand {
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let settings = start(log, |problems| self.database.parse(problems))?;
        let stores = Database::open_existing(&settings).await?;
        println!("{:<8}{:<6}{:<10}{:<26}NAME", "ID", "MODE", "STATE", "CONNECTED");
        for account in database::accounts(stores.as_ref()).await? {
            let mode = account.mode.map_or("-", VaultMode::name);
            let state = if account.disabled_at.is_some() { "disabled" } else { "enabled" };
            let connected = account.connected_account.as_ref();
            let connected = connected.map_or("-", ConnectedAccountId::as_str);
            let Account { id, name, .. } = &account;
            println!("{:<8}{mode:<6}{state:<10}{connected:<26}{name}", id.get());
        }
        Ok(())
    }
}

impl LimitCommand {
    /// What is not named stays as it is.
    async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let per_minute = self.per_minute.map(|limit| AccountChange::LimitMinute(limit.0));
        let per_day = self.per_day.map(|limit| AccountChange::LimitDay(limit.0));
        let changes: Vec<_> = per_minute.into_iter().chain(per_day).collect();
        self.which.set_up(log, &changes).await
    }
}

impl WhichAccount {
    async fn open(&self, log: &LogArgs) -> Result<(Accounts, AccountId), Failure> {
        let settings = start(log, |problems| self.database.parse(problems))?;
        self.over(Database::open_existing(&settings).await?).await
    }

    async fn over(&self, stores: Arc<dyn Stores>) -> Result<(Accounts, AccountId), Failure> {
        let account = database::account(stores.as_ref(), &self.account).await?;
        Ok((Accounts { accounts: stores.clone(), secrets: stores }, account.id))
    }

    /// Changes an account that is there, and shows it as it is then.
    async fn change(&self, log: &LogArgs, changes: &[AccountChange]) -> Result<(), Failure> {
        make(self.open(log).await?, changes).await
    }

    /// The same, where the first command may be the one that sets up the default account.
    async fn set_up(&self, log: &LogArgs, changes: &[AccountChange]) -> Result<(), Failure> {
        let settings = start(log, |problems| self.database.parse(problems))?;
        make(self.over(Database::open_migrated(&settings).await?).await?, changes).await
    }
}

/// Makes changes of this account, and shows it as it is then.
async fn make(
    (accounts, id): (Accounts, AccountId),
    changes: &[AccountChange],
) -> Result<(), Failure> {
    show(&accounts.change(Operator::Console, id, changes).await?);
    Ok(())
}

impl From<Choice> for DefaultChoice {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::Leave => Self::LeaveAsIs,
            Choice::Replace => Self::MakeDefault,
        }
    }
}

fn show(AccountDetails { account, has_vault_key }: &AccountDetails) {
    let key = if *has_vault_key { "yes" } else { "no" };
    let connected = account.connected_account.as_ref();
    let connected = connected.map_or("none", ConnectedAccountId::as_str);
    let state = account
        .disabled_at
        .map_or_else(|| "enabled".to_owned(), |at| format!("disabled since {}", at.format(TIME)));
    let default = match account.default_choice {
        DefaultChoice::LeaveAsIs => "stays what it is",
        DefaultChoice::MakeDefault => "becomes what was imported",
    };
    println!("Account:                    {}", account.name);
    println!("State:                      {state}");
    println!("Stripe key of its own:      {key}");
    println!("Mode:                       {}", account.mode.map_or("none yet", VaultMode::name));
    println!("Connected Stripe account:   {connected}");
    println!("A customer's default:       {default}");
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
