//! Use case: import one card or bank account.

use std::sync::Arc;

use thiserror::Error;

use crate::account::AccountId;
use crate::customer::CustomerId;
use crate::external_id::{ExternalCardId, ExternalCustomerId};
use crate::payment_method::{DefaultChoice, NewPaymentMethod, SavedPaymentMethod};
use crate::ports::{
    AccountRepository, CardVault, Clock, CustomerRepository, PaymentMethodStore, SaveError,
    StoreError, VaultError,
};
use crate::vault::VaultAccount;

/// Imports a card or bank account from the vault as a payment method of a customer.
#[derive(Clone)]
pub struct ImportCard {
    /// Who knows the connected account of each account.
    pub accounts: Arc<dyn AccountRepository>,
    /// The billing system's customers.
    pub customers: Arc<dyn CustomerRepository>,
    /// Where the card is read.
    pub vault: Arc<dyn CardVault>,
    /// Where the payment method is saved.
    pub payment_methods: Arc<dyn PaymentMethodStore>,
    /// Says when.
    pub clock: Arc<dyn Clock>,
}

/// What to import, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportCardRequest {
    /// The account on whose behalf.
    pub account: AccountId,
    /// Where in the vault to look.
    pub from: ImportFrom,
    /// The customer of the billing system who gets the card.
    pub customer: CustomerId,
    /// The vault's customer who has it.
    pub external_customer: ExternalCustomerId,
    /// The vault's id of it.
    pub external_card: ExternalCardId,
    /// Whether it becomes the customer's default.
    pub default: DefaultChoice,
}

/// Where in the vault to look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ImportFrom {
    /// The account of the vault that our credentials are of.
    #[default]
    OwnAccount,
    /// The connected account that is set for the account on whose behalf it is.
    ConnectedAccount,
}

/// Why a card was not imported. Nothing was written.
#[derive(Debug, Error)]
pub enum ImportCardError {
    /// The account has no such customer.
    #[error("Customer with id {0} not found.")]
    CustomerNotFound(CustomerId),
    /// The account has no connected account to read.
    #[error("This account has no connected Stripe account: its operator has to set one.")]
    NotConnected,
    /// The vault did not hand the card over.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ImportCard {
    /// Finds the customer, reads the card, saves it.
    ///
    /// The vault is asked only for a customer that exists, and no store is held meanwhile. The
    /// same request again gives the same payment method.
    ///
    /// # Errors
    /// Each kind of [`ImportCardError`].
    pub async fn run(
        &self,
        request: ImportCardRequest,
    ) -> Result<SavedPaymentMethod, ImportCardError> {
        let ImportCardRequest { account, from, customer, default, .. } = request;
        let found = self.customers.find(account, customer).await?;
        if found.is_none() {
            return Err(ImportCardError::CustomerNotFound(customer));
        }
        let scope = self.scope(account, from).await?;
        let (owner, card) = (&request.external_customer, &request.external_card);
        let instrument = self.vault.read(&scope, owner, card).await?;
        let payment_method = NewPaymentMethod { customer, instrument, default };
        let saved = self.payment_methods.save(account, &payment_method, self.clock.now()).await;
        saved.map_err(|error| match error {
            SaveError::CustomerMissing => ImportCardError::CustomerNotFound(customer),
            SaveError::Store(error) => ImportCardError::Store(error),
        })
    }

    async fn scope(
        &self,
        account: AccountId,
        from: ImportFrom,
    ) -> Result<VaultAccount, ImportCardError> {
        match from {
            ImportFrom::OwnAccount => Ok(VaultAccount::own(account)),
            ImportFrom::ConnectedAccount => {
                let found = self.accounts.get(account).await?;
                let connected = found.and_then(|found| found.connected_account);
                let connected = connected.ok_or(ImportCardError::NotConnected)?;
                Ok(VaultAccount::connected(account, connected))
            }
        }
    }
}

#[cfg(test)]
mod tests;
