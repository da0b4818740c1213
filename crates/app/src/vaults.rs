//! The vaults of the accounts: each is read with the account's own key.

use std::sync::Arc;

use cardlift_core::account::{Account, AccountId};
use cardlift_core::ports::{Sealer, Stores};
use cardlift_core::use_cases::{MasterKeys, VaultKeys};
use cardlift_stripe::{StripeKeyFormat, StripeVaults, mode_of_key};

use crate::failure::Failure;
use crate::settings::StripeSettings;

/// The vaults, and whose they are.
pub(crate) struct Vaults {
    pub(crate) stripe: StripeVaults,
    /// Their keys.
    pub(crate) keys: Arc<VaultKeys>,
}

impl Vaults {
    /// Opens them. The account whose key the environment has is bound to its mode.
    pub(crate) async fn open(
        stripe: &StripeSettings,
        stores: &Arc<dyn Stores>,
        sealer: Arc<dyn Sealer>,
    ) -> Result<Self, Failure> {
        let given = stripe.key.iter().map(|key| (stripe.key_of, key.clone())).collect();
        let (accounts, secrets) = (stores.clone(), stores.clone());
        let format = Arc::new(StripeKeyFormat);
        let keys = Arc::new(VaultKeys { accounts, secrets, sealer, format, given });
        if let Some(key) = &stripe.key {
            keys.bind(stripe.key_of, mode_of_key(key)?).await?;
        }
        Ok(Self { stripe: StripeVaults::new(&stripe.vault, keys.clone())?, keys })
    }

    /// Says what to do where this account has no key, or is disabled.
    pub(crate) async fn require(&self, account: &Account) -> Result<(), Failure> {
        if account.disabled_at.is_some() {
            return Err(Failure::because(format!(
                "account {0} is disabled: `cardlift account enable --account {0}`",
                account.name
            )));
        }
        if self.keys.has(account.id).await? {
            return Ok(());
        }
        let what = match account.id {
            AccountId::DEFAULT => {
                "must be set to a Stripe API key (sk_.. or rk_..), which Stripe's \
                 dashboard shows under Developers, API keys; or keep one in the database: \
                 `cardlift account set-key`"
                    .to_owned()
            }
            _ => format!(
                "is the default account's; account {0} has no key of its own: `cardlift account \
                 set-key --account {0}` sets one",
                account.name
            ),
        };
        Err(Failure::setting("STRIPE_API_KEY", what))
    }

    /// Says what to do where no account has a key, or one can't be read.
    pub(crate) async fn require_any(&self, without: &str) -> Result<(), Failure> {
        let VaultKeys { secrets, sealer, given, .. } = self.keys.as_ref().clone();
        let checked = MasterKeys { secrets, sealer }.check().await?;
        if given.is_empty() && checked.vault_keys == 0 {
            return Err(Failure::setting("STRIPE_API_KEY", without));
        }
        Ok(())
    }
}
