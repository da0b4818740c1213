//! Port: the payment methods.

use async_trait::async_trait;
use thiserror::Error;

use super::StoreError;
use crate::Timestamp;
use crate::account::AccountId;
use crate::api_key::ApiKeyId;
use crate::customer::CustomerId;
use crate::instrument::InstrumentKind;
use crate::page::{Page, PageRequest, SortOrder};
use crate::payment_method::{NewPaymentMethod, PaymentMethod, PaymentMethodId, SavedPaymentMethod};

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

/// Why a payment method was not deleted. Nothing was written.
#[derive(Debug, Error)]
pub enum DeleteError {
    /// The account has no such payment method of this kind (any more).
    #[error("the payment method does not exist")]
    Missing,
    /// It is its customer's default, and not the only one.
    #[error("it is the default, and not the only one")]
    Default,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which payment methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentMethodFilter {
    /// The customer whose they are.
    pub customer: CustomerId,
    /// Of this kind alone.
    pub kind: Option<InstrumentKind>,
}

/// The payment methods of the billing system's customers. What was deleted is kept, and is seen by
/// [`save`](Self::save) alone.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait PaymentMethodStore: Send + Sync {
    /// Saves a card or bank account for a customer, and moves the customer's default to it where that is asked
    /// for, all in one transaction that is durable when this returns.
    ///
    /// Idempotent: the same card of the same customer is one row with one id under any
    /// concurrency. Saved again with other details it is updated; a default is never lost by it.
    /// One that was deleted is back under its id, and is no default unless that is asked for.
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

    /// A page of the payment methods of a customer, in the order they were first saved or the
    /// reverse of it. A customer of another account has none.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn list(
        &self,
        account: AccountId,
        filter: PaymentMethodFilter,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<PaymentMethod>, StoreError>;

    /// The payment method of this id, where this account has it and it is of this kind.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn find(
        &self,
        account: AccountId,
        id: PaymentMethodId,
        kind: InstrumentKind,
    ) -> Result<Option<PaymentMethod>, StoreError>;

    /// Deletes a payment method: it is kept, with the time and the key that deleted it. A default
    /// is deleted only where its customer has no other, under any concurrency.
    ///
    /// # Errors
    /// Each kind of [`DeleteError`]; [`DeleteError::Missing`] for one that was deleted already.
    async fn delete(
        &self,
        account: AccountId,
        id: PaymentMethodId,
        kind: InstrumentKind,
        by: ApiKeyId,
        at: Timestamp,
    ) -> Result<(), DeleteError>;

    /// Makes a payment method its customer's default, and returns it; `None` where the account
    /// has no such payment method of this customer, or, where none is named, of any.
    ///
    /// Idempotent.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn make_default(
        &self,
        account: AccountId,
        id: PaymentMethodId,
        customer: Option<CustomerId>,
        at: Timestamp,
    ) -> Result<Option<PaymentMethod>, StoreError>;
}
