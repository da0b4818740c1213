//! Settings of the commands that work on a job themselves.

use std::sync::Arc;
use std::time::Duration;

use cardlift_core::account::Account;
use cardlift_core::ports::VaultScope;
use cardlift_engine::{BulkVault, PatientVault};
use clap::Args;

use crate::failure::Failure;
use crate::settings::{JobsSettings, LeaseArgs, Problems, StripeArgs, StripeSettings};
use crate::workers::Work;

/// What to do where there is no key.
const NO_KEY_TO_WORK_WITH: &str = "must be set to a Stripe API key (sk_.. or rk_..), which Stripe's dashboard shows under \
     Developers, API keys; or leave the work to a server: --no-wait";

/// How long the vault may be out of reach: somebody sits and waits.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug, Args)]
pub(crate) struct WorkArgs {
    #[command(flatten)]
    stripe: StripeArgs,
    #[command(flatten)]
    lease: LeaseArgs,
    /// Leave the job to those who work on jobs already, and do not wait for its end
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
        needed: bool,
    ) -> Option<Option<WorkSettings>> {
        if !needed {
            return Some(None);
        }
        let stripe = self.stripe.parse(problems, NO_KEY_TO_WORK_WITH);
        let jobs = self.lease.parse(problems);
        Some(Some(WorkSettings { stripe: stripe?, jobs: jobs? }))
    }
}

impl WorkSettings {
    pub(crate) fn open(self) -> Result<Work, Failure> {
        let vault = self.stripe.vault.build()?.for_bulk();
        Ok(Work { vault: Arc::new(vault), rates: self.stripe.rates, settings: self.jobs })
    }
}

/// The vault, for a command that reads much of it by itself.
pub(crate) fn open_to_read(stripe: StripeSettings) -> Result<Arc<dyn BulkVault>, Failure> {
    Ok(patient(Arc::new(stripe.vault.build()?.for_bulk())))
}

/// A vault that is asked again where that may help.
pub(crate) fn patient(vault: Arc<dyn BulkVault>) -> Arc<dyn BulkVault> {
    Arc::new(PatientVault::new(vault, PATIENCE))
}

/// Which account of the vault is read.
pub(crate) fn scope(account: &Account, connected: bool) -> Result<VaultScope, Failure> {
    if !connected {
        return Ok(VaultScope::Own);
    }
    account.connected_account.clone().map(VaultScope::Connected).ok_or_else(|| {
        let name = &account.name;
        Failure::because(format!(
            "account {name} has no connected Stripe account: `cardlift account connect` sets one"
        ))
    })
}
