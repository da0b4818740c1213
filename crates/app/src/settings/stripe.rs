//! Settings of the vault.

use cardlift_core::account::AccountId;
use cardlift_core::job::Rates;
use cardlift_stripe::{InvalidStripeSettings, StripeVault, StripeVaultBuilder};
use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use super::parse::{given, number, seconds};
use super::rates::RatesArgs;
use super::{DatabaseSettings, MasterKeyArgs, MasterKeySettings, Problems};

/// What to do where there is no key.
pub(crate) const NO_KEY: &str = "must be set to a Stripe API key (sk_.. or rk_..), which Stripe's dashboard shows under \
     Developers, API keys; or keep one in the database: `cardlift account set-key`";

/// Any key opens a sandbox.
const SANDBOX_KEY: &str = "sk_test_sandbox";

#[derive(Debug, Args)]
pub(crate) struct StripeArgs {
    /// The Stripe API key, sk_.. or rk_..; set it in the environment, where no other user of the
    /// machine sees it
    #[arg(long, env = "STRIPE_API_KEY", value_name = "KEY", hide_env_values = true)]
    stripe_api_key: Option<SecretString>,
    /// Where the Stripe API is; http:// on a loopback address only
    #[arg(
        long,
        env = "STRIPE_API_BASE",
        value_name = "URL",
        default_value = "https://api.stripe.com"
    )]
    stripe_api_base: String,
    /// How long reading a card may take, retries included
    #[arg(long, env = "CARDLIFT_STRIPE_TIMEOUT", value_name = "SECONDS", default_value = "25")]
    stripe_timeout: String,
    /// How often a call that failed is tried again
    #[arg(long, env = "CARDLIFT_STRIPE_RETRIES", value_name = "COUNT", default_value = "2")]
    stripe_retries: String,
    #[command(flatten)]
    rates: RatesArgs,
    #[command(flatten)]
    master_key: MasterKeyArgs,
}

/// How the vault is reached.
#[derive(Debug)]
pub(crate) struct StripeSettings {
    /// The key that the environment has.
    pub(crate) key: Option<SecretString>,
    /// Whose that is.
    pub(crate) key_of: AccountId,
    /// All but the key, which is each account's own.
    pub(crate) vault: StripeVaultBuilder,
    /// What the keys in the database are sealed under.
    pub(crate) master_key: MasterKeySettings,
    pub(crate) api_base: String,
    /// How many calls a job may make, for the choice of the cheapest way.
    pub(crate) rates: Rates,
}

impl StripeArgs {
    /// The settings; `without_key` says what to do where there is no key, and no database yet that could
    /// have one.
    pub(crate) fn parse(
        &self,
        problems: &mut Problems,
        database: Option<&DatabaseSettings>,
        without_key: &str,
    ) -> Option<StripeSettings> {
        let key = self.given_key();
        if key.is_none() && database.is_none_or(|database| database.url.is_new()) {
            problems.add("STRIPE_API_KEY", without_key);
        }
        // Without a key the rest is looked at all the same.
        let vault = StripeVault::builder(key.unwrap_or("sk_").into());
        let vault = vault.api_base(self.stripe_api_base.clone());
        let told = |problem: &InvalidStripeSettings| {
            key.is_some() || !matches!(problem, InvalidStripeSettings::ApiKey)
        };
        for problem in vault.problems().into_iter().filter(told) {
            problems.add(setting(&problem), problem);
        }
        let master_key = self.master_key.parse(problems, database.map(|database| &database.url));
        let settings = self.bounds(vault, self.stripe_api_base.clone(), problems)?;
        let (key, master_key) = (key.map(Into::into), master_key?);
        Some(StripeSettings { key, master_key, ..settings })
    }

    /// The settings for a sandbox, whatever key and base the real vault has.
    pub(crate) fn parse_for_sandbox(
        &self,
        api_base: &str,
        database: Option<&DatabaseSettings>,
        problems: &mut Problems,
    ) -> Option<StripeSettings> {
        let vault = StripeVault::builder(SANDBOX_KEY.into()).api_base(api_base);
        let master_key = self.master_key.parse(problems, database.map(|database| &database.url));
        let settings = self.bounds(vault, api_base.to_owned(), problems)?;
        let (key, master_key) = (Some(SANDBOX_KEY.into()), master_key?);
        Some(StripeSettings { key, master_key, ..settings })
    }

    /// The settings of a vault that nobody has a key for yet.
    fn bounds(
        &self,
        vault: StripeVaultBuilder,
        api_base: String,
        problems: &mut Problems,
    ) -> Option<StripeSettings> {
        let timeout = problems.take("CARDLIFT_STRIPE_TIMEOUT", seconds(&self.stripe_timeout));
        let retries = problems.take("CARDLIFT_STRIPE_RETRIES", number(&self.stripe_retries, 0, 10));
        let (governor, rates) = self.rates.parse(problems)?;
        let vault = vault.timeout(timeout?).retries(retries?.into()).rates(governor);
        let (key, key_of) = (None, AccountId::DEFAULT);
        let master_key = MasterKeySettings::Nowhere;
        Some(StripeSettings { key, key_of, vault, master_key, api_base, rates })
    }

    fn given_key(&self) -> Option<&str> {
        given(self.stripe_api_key.as_ref().map(ExposeSecret::expose_secret))
    }
}

/// The setting that a problem is with.
fn setting(problem: &InvalidStripeSettings) -> &'static str {
    match problem {
        InvalidStripeSettings::ApiBase => "STRIPE_API_BASE",
        _ => "STRIPE_API_KEY",
    }
}
