//! The port's adapter.

use async_trait::async_trait;
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;
use cardlift_core::ports::{CardVault, VaultError, VaultScope};
use secrecy::SecretString;

use crate::builder::StripeVaultBuilder;
use crate::classify::{self, Asked};
use crate::client::{Client, Read};

/// A customer that no account has, asked for to see whether a key may read customers.
const NOBODY: &str = "cus_CardliftChecksItsKey";

/// Stripe's vault: [`CardVault`] over its API.
pub struct StripeVault {
    client: Client,
    mode: Mode,
}

/// Which of an account's two worlds a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Real cards.
    Live,
    /// Test cards.
    Test,
}

impl StripeVault {
    /// Settings to build a vault from: the API key, and defaults.
    #[must_use]
    pub fn builder(api_key: SecretString) -> StripeVaultBuilder {
        StripeVaultBuilder::new(api_key)
    }

    pub(crate) const fn new(client: Client, mode: Mode) -> Self {
        Self { client, mode }
    }

    /// Which mode the key is for, by its prefix.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// Finds out whether the key is accepted, by asking for a customer that does not exist.
    ///
    /// # Errors
    /// [`VaultError`]: those of [`CardVault::read`] but for what is not found.
    pub async fn check_credentials(&self) -> Result<(), VaultError> {
        let answer = self.client.read(Read { account: None, customer: NOBODY, below: &[] }).await;
        let answer = answer.map_err(classify::failed)?;
        if answer.status.is_success() {
            return Ok(());
        }
        match classify::refusal(&answer, Asked { customer: NOBODY, card: NOBODY }) {
            VaultError::CustomerNotFound { .. } | VaultError::CardNotFound { .. } => Ok(()),
            error => Err(error),
        }
    }
}

#[async_trait]
impl CardVault for StripeVault {
    async fn read(
        &self,
        scope: &VaultScope,
        customer: &ExternalCustomerId,
        card: &ExternalCardId,
    ) -> Result<Instrument, VaultError> {
        let collection =
            if card.as_str().starts_with("pm_") { "payment_methods" } else { "sources" };
        let below = [collection, card.as_str()];
        let account = match scope {
            VaultScope::Own => None,
            VaultScope::Connected(account) => Some(account.as_str()),
        };
        let read = Read { account, customer: customer.as_str(), below: &below };
        let answer = self.client.read(read).await.map_err(classify::failed)?;
        classify::instrument(&answer, customer, card)
    }
}
