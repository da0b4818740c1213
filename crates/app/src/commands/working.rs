//! Settings of the commands that work on a job themselves.

use std::sync::Arc;
use std::time::Duration;

use cardlift_core::account::Account;
use cardlift_core::vault::VaultAccount;
use cardlift_engine::{BulkVault, PatientVault};
use cardlift_stripe::StripeVaults;
use clap::Args;

use super::jobs_of::JobsOf;
use crate::failure::Failure;
use crate::master_keys;
use crate::settings::{
    DatabaseSettings, JobsSettings, LeaseArgs, Problems, StripeArgs, StripeSettings,
};
use crate::vaults::Vaults;
use crate::workers::Work;

/// What to do where there is no key.
const NO_KEY_TO_WORK_WITH: &str = "must be set to a Stripe API key (sk_.. or rk_..), which Stripe's dashboard shows under \
     Developers, API keys; or keep one in the database: `cardlift account set-key`; or leave the \
     work to a server: --no-wait";

/// How long the vault may be out of reach: somebody sits and waits.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug, Args)]
pub(crate) struct WorkArgs {
    #[command(flatten)]
    stripe: StripeArgs,
    #[command(flatten)]
    lease: LeaseArgs,
    /// Leave the job to a running `cardlift serve`, and do not wait for its end
    #[arg(long)]
    pub(crate) no_wait: bool,
}

/// The settings of the vault and of those who work.
#[derive(Debug)]
pub(crate) struct WorkSettings {
    stripe: StripeSettings,
    jobs: JobsSettings,
}

impl WorkArgs {
    /// The settings; without them where the vault is not needed: there needs to be no key then.
    #[expect(clippy::option_option, reason = "not needed and wrong are two things")]
    pub(crate) fn parse(
        &self,
        problems: &mut Problems,
        database: Option<&DatabaseSettings>,
        needed: bool,
    ) -> Option<Option<WorkSettings>> {
        if !needed {
            return Some(None);
        }
        let stripe = self.stripe.parse(problems, database, NO_KEY_TO_WORK_WITH);
        let jobs = self.lease.parse(problems);
        Some(Some(WorkSettings { stripe: stripe?, jobs: jobs? }))
    }
}

impl WorkSettings {
    pub(crate) async fn open(self, here: &JobsOf) -> Result<Work, Failure> {
        let vault = Arc::new(vaults(&self.stripe, here).await?.for_bulk());
        Ok(Work { vault, rates: self.stripe.rates, settings: self.jobs })
    }
}

/// The vault, for a command that reads much of it by itself.
pub(crate) async fn open_to_read(
    stripe: &StripeSettings,
    here: &JobsOf,
) -> Result<Arc<dyn BulkVault>, Failure> {
    Ok(patient(Arc::new(vaults(stripe, here).await?.for_bulk())))
}

/// The vaults, where the account has a key.
async fn vaults(stripe: &StripeSettings, here: &JobsOf) -> Result<StripeVaults, Failure> {
    let vaults = Vaults::open(stripe, &here.stores, master_keys::open(&stripe.master_key)?).await?;
    vaults.require(&here.account).await?;
    Ok(vaults.stripe)
}

/// A vault that is asked again where that may help.
pub(crate) fn patient(vault: Arc<dyn BulkVault>) -> Arc<dyn BulkVault> {
    Arc::new(PatientVault::new(vault, PATIENCE))
}

/// Which account of the vault is read.
pub(crate) fn scope(account: &Account, connected: bool) -> Result<VaultAccount, Failure> {
    if !connected {
        return Ok(VaultAccount::own(account.id));
    }
    let connected = account.connected_account.clone().ok_or_else(|| {
        let name = &account.name;
        Failure::because(format!(
            "account {name} has no connected Stripe account: `cardlift account connect` sets one"
        ))
    })?;
    Ok(VaultAccount::connected(account.id, connected))
}
