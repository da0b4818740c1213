//! The demonstration that `serve --sandbox` gives.

use std::fmt::Write as _;
use std::sync::Arc;

use cardlift_core::account::{AccountChange, AccountId, AccountName};
use cardlift_core::api_key::{HashKey, KeyLabel, Scopes};
use cardlift_core::customer::{CustomerId, CustomerProfile, CustomerRecord};
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::ports::{Clock, Stores};
use cardlift_core::use_cases::{CreateApiKey, WantedApiKey};
use cardlift_sandbox::{CONNECTED_ACCOUNT, RunningSandbox, Sandbox};
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;

use crate::database;
use crate::failure::Failure;
use crate::settings::{
    DatabaseArgs, DatabaseSettings, DatabaseUrl, JobsSettings, Problems, StripeArgs, StripeSettings,
};
use crate::system::{SystemClock, SystemEntropy};

/// The account that made-up cards go into. No other is let in while they are served.
const ACCOUNT: &str = "sandbox";

/// What the keys of a demonstration are called, so that the next one finds them.
const LABEL: &str = "demonstration";

/// The customer of the documented examples.
const DOCUMENTED_CUSTOMER: i64 = 2_526_546;

/// How many customers with made-up cards there are besides the documented ones.
const SYNTHETIC_CUSTOMERS: usize = 10_000;

/// The customers that they belong to: the first to the first, and so on.
const CUSTOMERS: std::ops::RangeInclusive<i64> = 1..=10_000;

/// How many customers are written at a time.
const BATCH: usize = 5_000;

/// A sandbox vault, and a folder that goes when it does.
pub(super) struct Demo {
    sandbox: RunningSandbox,
    folder: TempDir,
}

/// Whoever tries the demonstration.
pub(super) struct Visitor {
    pub(super) account: AccountId,
    key: SecretString,
}

impl Demo {
    pub(super) fn start() -> Result<Self, Failure> {
        let sandbox = Sandbox::builder().synthetic_customers(SYNTHETIC_CUSTOMERS).start()?;
        Ok(Self { sandbox, folder: tempfile::tempdir()? })
    }

    /// The settings of the sandbox vault, whatever those of the real one are.
    pub(super) fn vault_settings(
        &self,
        args: &StripeArgs,
        database: Option<&DatabaseSettings>,
        problems: &mut Problems,
    ) -> Option<StripeSettings> {
        args.parse_for_sandbox(self.sandbox.base_url(), database, problems)
    }

    /// The database that was named, or a file in the temporary folder.
    pub(super) fn database_settings(
        &self,
        args: &DatabaseArgs,
        settings: DatabaseSettings,
    ) -> DatabaseSettings {
        if args.is_named() {
            return settings;
        }
        let file = self.folder.path().join("cardlift.db");
        DatabaseSettings { url: DatabaseUrl::Sqlite(file), ..settings }
    }

    /// Nobody works on jobs where a database was named: those of other accounts are in it, which no
    /// made-up card may get into.
    pub(super) fn jobs_settings(args: &DatabaseArgs, settings: JobsSettings) -> JobsSettings {
        if args.is_named() { JobsSettings { at_once: 0, ..settings } } else { settings }
    }

    /// Makes the account with its customers, and a key; the keys of former demonstrations go.
    pub(super) async fn prepare(
        &self,
        stores: &Arc<dyn Stores>,
        hash: &HashKey,
    ) -> Result<Visitor, Failure> {
        let name = AccountName::parse(ACCOUNT)?;
        let account = stores.ensure(&name).await?.id;
        let connected = ConnectedAccountId::parse(CONNECTED_ACCOUNT)?;
        stores.change_account(account, &[AccountChange::Connect(Some(connected))]).await?;
        let customer = |id| {
            CustomerId::try_from(id)
                .map(|id| CustomerRecord { id, profile: CustomerProfile::default() })
        };
        let ids = CUSTOMERS.chain([DOCUMENTED_CUSTOMER]);
        let customers = ids.map(customer).collect::<Result<Vec<_>, _>>()?;
        for batch in customers.chunks(BATCH) {
            stores.load(account, batch, SystemClock.now()).await?;
        }
        for former in database::keys(stores.as_ref(), account).await? {
            if former.label == LABEL && former.revoked_at.is_none() {
                stores.revoke(account, former.id, SystemClock.now()).await?;
            }
        }
        let create = CreateApiKey {
            accounts: stores.clone(),
            keys: stores.clone(),
            hash: hash.clone(),
            entropy: Arc::new(SystemEntropy),
            clock: Arc::new(SystemClock),
        };
        let (label, scopes) = (KeyLabel::parse(LABEL)?, Scopes::default());
        let wanted = WantedApiKey { account, label, scopes, expires_at: None };
        let created = create.run(wanted).await?;
        Ok(Visitor { account, key: created.secret.issued() })
    }

    pub(super) async fn stop(self) {
        self.sandbox.stop().await;
    }
}

impl Visitor {
    /// What to try, ready to paste.
    pub(super) fn welcome(&self, base: &str, jobs: JobsSettings) -> String {
        let key = self.key.expose_secret();
        let mut text = format!("Cardlift is listening on {base}\n\n");
        text.push_str("This is a demonstration: the cards are made up, and so is the account.\n");
        let _ = writeln!(text, "API key: {key}");
        let _ = writeln!(text, "The API, to look at: {base}/docs/\n");
        text.push_str("Import the documented card:\n\n");
        let _ = write!(
            text,
            "curl -X POST {base}/v1/paymentMethodImport/Stripe \\\n  \
             -H 'Content-Type: application/json' \\\n  \
             -H 'Authorization: Basic {key}' \\\n  \
             -d '{{customerId:2526546,stripeCustomerId:\"cus_AExsNjBZDLMNDK\",\
             stripeCardId:\"card_19uTyBAXix6Ggd0efp4HNNp7\"}}'\n"
        );
        if jobs.at_once == 0 {
            text.push_str("\nNobody works on import jobs here");
            text.push_str(": they need a database of their own, without DATABASE_URL.\n");
            return text;
        }
        text.push_str("\nImport the cards of all customers from 1 to 10000, as a job:\n\n");
        let _ = write!(
            text,
            "seq 1 10000 | awk 'BEGIN {{print \"customerId,stripeCustomerId\"}} \
             {{printf \"%d,cus_Synthetic%07d\\n\", $1, $1 - 1}}' |\n  \
             curl -X POST '{base}/v1/paymentMethodImport/Stripe/jobs?start=true' \\\n  \
             -H 'Content-Type: text/csv' \\\n  \
             -H 'Authorization: Basic {key}' \\\n  \
             --data-binary @-\n"
        );
        let _ = write!(
            text,
            "curl -H 'Authorization: Basic {key}' \\\n  \
             {base}/v1/paymentMethodImport/Stripe/jobs/1\n"
        );
        text
    }
}
