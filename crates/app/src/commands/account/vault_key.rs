//! `cardlift account set-key` and `remove-key`.

use std::collections::HashMap;
use std::io::{IsTerminal as _, Read as _};

use cardlift_core::account::{AccountId, AccountName};
use cardlift_core::sealed::SecretLabel;
use cardlift_core::use_cases::VaultKeys;
use cardlift_stripe::mode_of_key;
use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use super::{WhichAccount, show};
use crate::commands::{account_name, start};
use crate::database::{self, Database};
use crate::failure::Failure;
use crate::master_keys;
use crate::settings::{DatabaseArgs, LogArgs, MasterKeyArgs};

/// No key of Stripe's is as long.
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
        let mode = mode_of_key(&key)?;
        let stores = Database::open_migrated(&database).await?;
        let account = database::account(stores.as_ref(), &self.account).await?;
        let sealer = master_keys::open_to_seal(&master_key, &stores).await?;
        let (accounts, secrets, given) = (stores.clone(), stores.clone(), HashMap::new());
        let keys = VaultKeys { accounts, secrets, sealer, given };
        let account = keys.set(account.id, &key, mode).await?;
        show(stores.as_ref(), &account).await?;
        if account.id == AccountId::DEFAULT {
            eprintln!("Where STRIPE_API_KEY is set, that goes before it.");
        }
        Ok(())
    }
}

impl RemoveKeyCommand {
    pub(super) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let (stores, account) = self.which.open(log).await?;
        // To take it away nothing has to be opened.
        let label = SecretLabel::vault_key(account.id);
        if !stores.remove_sealed(label).await? {
            return Err(Failure::because(format!(
                "account {} has no Stripe key of its own",
                account.name
            )));
        }
        show(stores.as_ref(), &account).await
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
