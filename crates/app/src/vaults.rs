//! The vaults of the accounts: each is read with the account's own key.

use std::collections::HashMap;
use std::sync::Arc;

use cardlift_core::account::{Account, AccountId};
use cardlift_core::ports::Stores;
use cardlift_core::use_cases::{MasterKeys, VaultKeys};
use cardlift_stripe::{StripeVaults, mode_of_key};

use crate::failure::Failure;
use crate::master_keys;
use crate::settings::StripeSettings;

/// The vaults, and whose they are.
pub(crate) struct Vaults {
    pub(crate) stripe: StripeVaults,
    keys: Arc<VaultKeys>,
    /// Whose key the environment has.
    given: Option<AccountId>,
}

impl Vaults {
    /// Opens them. The account whose key the environment has is bound to its mode.
    pub(crate) async fn open(
        stripe: &StripeSettings,
        stores: &Arc<dyn Stores>,
    ) -> Result<Self, Failure> {
        let sealer = master_keys::open(&stripe.master_key)?;
        let accounts = stores.clone();
        let keys = Arc::new(VaultKeys { accounts, secrets: stores.clone(), sealer });
        let mut given = HashMap::new();
        if let Some(key) = &stripe.key {
            keys.bind(stripe.key_of, mode_of_key(key)?).await?;
            given.insert(stripe.key_of, key.clone());
        }
        let vaults = StripeVaults::with_fixed(&stripe.vault, keys.clone(), &given)?;
        Ok(Self { stripe: vaults, keys, given: stripe.key.as_ref().map(|_| stripe.key_of) })
    }

    /// Says what to do where this account has no key.
    pub(crate) async fn require(&self, account: &Account) -> Result<(), Failure> {
        if self.given == Some(account.id) || self.keys.has(account.id).await? {
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
        let VaultKeys { secrets, sealer, .. } = self.keys.as_ref().clone();
        let checked = MasterKeys { secrets, sealer }.check().await?;
        if self.given.is_none() && checked.vault_keys == 0 {
            return Err(Failure::setting("STRIPE_API_KEY", without));
        }
        Ok(())
    }
}
