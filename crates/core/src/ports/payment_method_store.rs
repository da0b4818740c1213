//! Port: the payment methods.

use async_trait::async_trait;
use thiserror::Error;

use super::StoreError;
use crate::Timestamp;
use crate::account::AccountId;
use crate::customer::CustomerId;
use crate::payment_method::{NewPaymentMethod, PaymentMethod, SavedPaymentMethod};

/// A payment method could not be saved. Nothing was written.
#[derive(Debug, Error)]
pub enum SaveError {
    /// The account has no such customer (any more).
    #[error("the customer does not exist")]
    CustomerMissing,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The payment methods of the billing system's customers.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait PaymentMethodStore: Send + Sync {
    /// Saves a card for a customer, and moves the customer's default to it where that is asked
    /// for, all in one transaction that is durable when this returns.
    ///
    /// Idempotent: the same card of the same customer is one row with one id under any
    /// concurrency. Saved again with other details it is updated; a default is never lost by it.
    ///
    /// # Errors
    /// [`SaveError::CustomerMissing`] where the account has no such customer,
    /// [`SaveError::Store`] of any kind.
    async fn save(
        &self,
        account: AccountId,
        payment_method: &NewPaymentMethod,
        at: Timestamp,
    ) -> Result<SavedPaymentMethod, SaveError>;

    /// The payment methods of a customer, in the order they were first saved. A customer of
    /// another account has none.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn list(
        &self,
        account: AccountId,
        customer: CustomerId,
    ) -> Result<Vec<PaymentMethod>, StoreError>;
}
