//! `cardlift account set-key` and `remove-key`.

use std::collections::HashMap;
use std::io::{IsTerminal as _, Read as _};
use std::sync::Arc;

use cardlift_core::account::{AccountId, AccountName};
use cardlift_core::use_cases::{AccountDetails, VaultKeys};
use cardlift_stripe::StripeKeyFormat;
use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use super::{WhichAccount, show};
use crate::commands::{account_name, start};
use crate::database::{self, Database};
use crate::failure::Failure;
use crate::master_keys;
use crate::settings::{DatabaseArgs, LogArgs, MasterKeyArgs};

/// No key of Stripe's is as long, so one that was cut off here is refused.
const LONGEST: u64 = 4_096;

#[derive(Debug, Args)]
pub(crate) struct SetKeyCommand {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    master_key: MasterKeyArgs,
    /// The account
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = account_name)]
    account: AccountName,
}

#[derive(Debug, Args)]
pub(crate) struct RemoveKeyCommand {
    #[command(flatten)]
    which: WhichAccount,
}

impl SetKeyCommand {
    pub(super) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let (database, master_key) =
            start(log, |problems| self.master_key.parse_with(problems, &self.database))?;
        let key = read_key()?;
        let stores = Database::open_migrated(&database).await?;
        let account = database::account(stores.as_ref(), &self.account).await?;
        let sealer = master_keys::open_to_seal(&master_key, &stores).await?;
        let (accounts, secrets, given) = (stores.clone(), stores.clone(), HashMap::new());
        let format = Arc::new(StripeKeyFormat);
        let keys = VaultKeys { accounts, secrets, sealer, format, given };
        let (id, has_vault_key) = (account.id, true);
        show(&AccountDetails { account: keys.set(id, &key).await?, has_vault_key });
        if id == AccountId::DEFAULT {
            eprintln!("Where STRIPE_API_KEY is set, that goes before it.");
        }
        Ok(())
    }
}

impl RemoveKeyCommand {
    pub(super) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let (accounts, id) = self.which.open(log).await?;
        show(&accounts.remove_vault_key(id).await?);
        Ok(())
    }
}

/// The key on stdin: an argument can be seen by other users of the machine.
fn read_key() -> Result<SecretString, Failure> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        eprintln!("The Stripe key (sk_.. or rk_..), then Enter and Ctrl-D:");
    }
    let mut text = String::new();
    stdin.lock().take(LONGEST).read_to_string(&mut text)?;
    let text = SecretString::from(text);
    Ok(SecretString::from(text.expose_secret().trim()))
}
