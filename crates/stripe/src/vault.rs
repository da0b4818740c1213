//! The adapter of the port of cards.

use std::sync::Arc;

use async_trait::async_trait;
use cardlift_core::external_id::{ConnectedAccountId, ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;
use cardlift_core::ports::{CardVault, HoldingKind, VaultError};
use cardlift_core::vault::{VaultAccount, VaultMode};
use secrecy::SecretString;

use crate::answer::Answer;
use crate::builder::{InvalidStripeSettings, StripeVaultBuilder, mode_of_key};
use crate::classify::{self, Asked};
use crate::client::Client;
use crate::endpoint::Endpoint;
use crate::policy::Policy;
use crate::request::{Priority, Read};
use crate::transport::Transport;

/// A customer that no account has, asked for to see whether a key may read customers.
const NOBODY: &str = "cus_CardliftChecksItsKey";

/// Stripe's vault: [`CardVault`] and [`VaultCatalog`](cardlift_core::ports::VaultCatalog) over its
/// API.
pub struct StripeVault {
    client: Arc<Client>,
    mode: VaultMode,
    priority: Priority,
}

impl StripeVault {
    /// Settings to build a vault from: the API key, and defaults.
    #[must_use]
    pub fn builder(api_key: SecretString) -> StripeVaultBuilder {
        StripeVaultBuilder::new(api_key)
    }

    pub(crate) fn new(
        transport: Transport,
        api_key: &SecretString,
        policy: Policy,
    ) -> Result<Self, InvalidStripeSettings> {
        let mode = mode_of_key(api_key)?;
        let client = Arc::new(Client::new(transport, api_key, policy)?);
        Ok(Self { client, mode, priority: Priority::Live })
    }

    /// The same vault, for jobs: their requests keep to the rates of the
    /// [builder](StripeVaultBuilder::rates), and let live requests go first.
    ///
    /// A request waits for its turn as long as that takes: its timeout begins then.
    #[must_use]
    pub fn for_bulk(&self) -> Self {
        self.share(Priority::Bulk)
    }

    pub(crate) fn share(&self, priority: Priority) -> Self {
        Self { client: self.client.clone(), mode: self.mode, priority }
    }

    /// Which mode the key is for, by its prefix.
    #[must_use]
    pub const fn mode(&self) -> VaultMode {
        self.mode
    }

    /// Finds out whether the key is accepted, by asking for a customer that does not exist.
    ///
    /// # Errors
    /// [`VaultError`]: those of [`CardVault::read`] but for what is not found.
    pub async fn check_credentials(&self) -> Result<(), VaultError> {
        let read = Read {
            account: None,
            endpoint: Endpoint::ReadCustomer,
            customer: Some(NOBODY),
            below: &[],
            query: &[],
        };
        let answer = self.ask(read).await?;
        if answer.status.is_success() {
            return Ok(());
        }
        match classify::refusal(&answer, Asked { customer: NOBODY, held: None }) {
            VaultError::CustomerNotFound { .. } => Ok(()),
            error => Err(error),
        }
    }

    pub(crate) async fn ask(&self, read: Read<'_>) -> Result<Answer, VaultError> {
        self.client.read(read, self.priority).await.map_err(classify::failed)
    }
}

/// The connected account that is read, if it is one. Whose key opens it is seen to before.
pub(crate) fn account(scope: &VaultAccount) -> Option<&str> {
    scope.connected.as_ref().map(ConnectedAccountId::as_str)
}

#[async_trait]
impl CardVault for StripeVault {
    async fn read(
        &self,
        scope: &VaultAccount,
        customer: &ExternalCustomerId,
        card: &ExternalCardId,
    ) -> Result<Instrument, VaultError> {
        let collection = match card.listed_as() {
            HoldingKind::PaymentMethod => "payment_methods",
            HoldingKind::Source => "sources",
        };
        let read = Read {
            account: account(scope),
            endpoint: Endpoint::ReadHolding,
            customer: Some(customer.as_str()),
            below: &[collection, card.as_str()],
            query: &[],
        };
        let answer = self.ask(read).await?;
        classify::instrument(&answer, customer, card)
    }
}
