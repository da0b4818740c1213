//! `cardlift import-card`.

use std::sync::Arc;

use cardlift_core::account::{Account, AccountName};
use cardlift_core::customer::CustomerId;
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::payment_method::{DefaultChoice, SaveOutcome};
use cardlift_core::use_cases::{ImportCard, ImportCardError, ImportCardRequest, ImportFrom};
use clap::Args;

use super::{account_name, start};
use crate::database::{self, Database};
use crate::failure::Failure;
use crate::master_keys;
use crate::settings::{DatabaseArgs, LogArgs, NO_KEY, StripeArgs};
use crate::system::SystemClock;
use crate::vaults::Vaults;

#[derive(Debug, Args)]
pub(crate) struct ImportCardCommand {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    stripe: StripeArgs,
    /// The account that the customer belongs to
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = account_name)]
    account: AccountName,
    /// The customer of the billing system who gets the card
    #[arg(long, value_name = "ID", value_parser = customer_id)]
    customer_id: CustomerId,
    /// Stripe's id of the customer who has it: cus_..
    #[arg(long, value_name = "ID", value_parser = external_customer)]
    stripe_customer_id: ExternalCustomerId,
    /// Stripe's id of the card or bank account: card_.., src_.., pm_.. or ba_..
    #[arg(long, value_name = "ID", value_parser = external_card)]
    stripe_card_id: ExternalCardId,
    /// Look in the connected Stripe account that is set for the account
    #[arg(long)]
    connected: bool,
    /// Make it the customer's default
    #[arg(long)]
    default: bool,
}

impl ImportCardCommand {
    /// Prints it on stdout as the API answers it, and what was done on stderr.
    pub(crate) async fn run(self, log: &LogArgs) -> Result<(), Failure> {
        let (database, stripe) = start(log, |problems| {
            let database = self.database.parse(problems);
            let stripe = self.stripe.parse(problems, database.as_ref(), NO_KEY);
            database.zip(stripe)
        })?;
        let stores = Database::open_migrated(&database).await?;
        let account = database::account(stores.as_ref(), &self.account).await?;
        let vaults = Vaults::open(&stripe, &stores, master_keys::open(&stripe.master_key)?).await?;
        vaults.require(&account).await?;
        let import = ImportCard {
            accounts: stores.clone(),
            customers: stores.clone(),
            vault: Arc::new(vaults.stripe),
            payment_methods: stores,
            clock: Arc::new(SystemClock),
        };
        let request = ImportCardRequest {
            account: account.id,
            from: if self.connected {
                ImportFrom::ConnectedAccount
            } else {
                ImportFrom::OwnAccount
            },
            customer: self.customer_id,
            external_customer: self.stripe_customer_id,
            external_card: self.stripe_card_id,
            default: if self.default { DefaultChoice::MakeDefault } else { account.default_choice },
        };
        let saved = import.run(request).await.map_err(|error| failure(error, &account))?;
        let object = cardlift_http::PaymentMethodObject::from(&saved.payment_method);
        println!("{}", serde_json::to_string_pretty(&object)?);
        eprintln!("{}", told(saved.outcome));
        Ok(())
    }
}

/// The API tells its callers no more than that there is no such customer. Who runs commands can load one.
fn failure(error: ImportCardError, account: &Account) -> Failure {
    match error {
        ImportCardError::CustomerNotFound(customer) => Failure::because(format!(
            "account {} has no customer with id {customer}: load it by `cardlift customers load`, \
             or name the account that has it (--account), or the database (DATABASE_URL)",
            account.name
        )),
        error => error.into(),
    }
}

fn told(outcome: SaveOutcome) -> &'static str {
    match outcome {
        SaveOutcome::Imported => "It was imported.",
        SaveOutcome::Restored => "It had been deleted, and is back.",
        SaveOutcome::Updated => "It was here already; it was updated.",
        SaveOutcome::Unchanged => "It was here already, just so; nothing was changed.",
    }
}

fn customer_id(text: &str) -> Result<CustomerId, String> {
    let number: i64 = text.parse().map_err(|_| "must be a whole number")?;
    CustomerId::try_from(number).map_err(|error| error.to_string())
}

fn external_customer(text: &str) -> Result<ExternalCustomerId, String> {
    ExternalCustomerId::parse(text).map_err(|error| error.to_string())
}

fn external_card(text: &str) -> Result<ExternalCardId, String> {
    ExternalCardId::parse(text).map_err(|error| error.to_string())
}
