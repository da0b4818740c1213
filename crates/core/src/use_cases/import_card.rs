//! Use case: import one card.

use std::sync::Arc;

use thiserror::Error;

use crate::account::AccountId;
use crate::customer::CustomerId;
use crate::external_id::{ExternalCardId, ExternalCustomerId};
use crate::payment_method::{DefaultChoice, NewPaymentMethod, SavedPaymentMethod};
use crate::ports::{
    CardVault, Clock, CustomerRepository, PaymentMethodStore, SaveError, StoreError, VaultError,
};

/// Imports a card from the vault as a payment method of a customer.
#[derive(Clone)]
pub struct ImportCard {
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
    /// The customer of the billing system who gets the card.
    pub customer: CustomerId,
    /// The vault's customer who has it.
    pub external_customer: ExternalCustomerId,
    /// The vault's id of it.
    pub external_card: ExternalCardId,
    /// Whether it becomes the customer's default.
    pub default: DefaultChoice,
}

/// Why a card was not imported. Nothing was written.
#[derive(Debug, Error)]
pub enum ImportCardError {
    /// The account has no such customer.
    #[error("Customer with id {0} not found.")]
    CustomerNotFound(CustomerId),
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
        let ImportCardRequest { account, customer, external_customer, external_card, default } =
            request;
        let found = self.customers.find(account, customer).await?;
        if found.is_none() {
            return Err(ImportCardError::CustomerNotFound(customer));
        }
        let card = self.vault.read_card(&external_customer, &external_card).await?;
        let payment_method = NewPaymentMethod { customer, card, default };
        let saved = self.payment_methods.save(account, &payment_method, self.clock.now()).await;
        saved.map_err(|error| match error {
            SaveError::CustomerMissing => ImportCardError::CustomerNotFound(customer),
            SaveError::Store(error) => ImportCardError::Store(error),
        })
    }
}

#[cfg(test)]
mod tests;
