//! Use cases of payment methods that are there: list, read, delete, choose the default.

use std::sync::Arc;

use thiserror::Error;

use super::Principal;
use crate::account::AccountId;
use crate::customer::CustomerId;
use crate::instrument::InstrumentKind;
use crate::page::{Page, PageRequest, SortOrder};
use crate::payment_method::{PaymentMethod, PaymentMethodId};
use crate::ports::{
    Clock, CustomerRepository, DeleteError, PaymentMethodFilter, PaymentMethodStore, StoreError,
};

/// Lists, reads and deletes payment methods, and moves defaults.
#[derive(Clone)]
pub struct PaymentMethods {
    /// The billing system's customers.
    pub customers: Arc<dyn CustomerRepository>,
    /// Their payment methods.
    pub payment_methods: Arc<dyn PaymentMethodStore>,
    /// Says when.
    pub clock: Arc<dyn Clock>,
}

/// Which payment methods to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListPaymentMethods {
    /// The account on whose behalf.
    pub account: AccountId,
    /// The customer, and of which kind.
    pub filter: PaymentMethodFilter,
    /// Which way.
    pub order: SortOrder,
    /// Which page.
    pub page: PageRequest,
}

/// Why nothing was done. Nothing was written.
#[derive(Debug, Error)]
pub enum PaymentMethodError {
    /// The account has no such customer.
    #[error("Customer with id {0} not found.")]
    CustomerNotFound(CustomerId),
    /// The account has no such payment method.
    #[error("Payment method with id {0} not found.")]
    NotFound(PaymentMethodId),
    /// A default can't go while there are others.
    #[error("Cannot delete a default payment method. Make another one the default first.")]
    Default,
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PaymentMethods {
    /// A page of a customer's payment methods.
    ///
    /// # Errors
    /// [`PaymentMethodError::CustomerNotFound`] and [`PaymentMethodError::Store`].
    pub async fn list(
        &self,
        list: ListPaymentMethods,
    ) -> Result<Page<PaymentMethod>, PaymentMethodError> {
        let ListPaymentMethods { account, filter, order, page } = list;
        if self.customers.find(account, filter.customer).await?.is_none() {
            return Err(PaymentMethodError::CustomerNotFound(filter.customer));
        }
        Ok(self.payment_methods.list(account, filter, order, page).await?)
    }

    /// The payment method of this id and kind.
    ///
    /// # Errors
    /// [`PaymentMethodError::NotFound`] and [`PaymentMethodError::Store`].
    pub async fn find(
        &self,
        account: AccountId,
        id: PaymentMethodId,
        kind: InstrumentKind,
    ) -> Result<PaymentMethod, PaymentMethodError> {
        let found = self.payment_methods.find(account, id, kind).await?;
        found.ok_or(PaymentMethodError::NotFound(id))
    }

    /// Deletes the payment method of this id and kind: who did, and when, is kept with it.
    ///
    /// # Errors
    /// [`PaymentMethodError::NotFound`], [`PaymentMethodError::Default`] and
    /// [`PaymentMethodError::Store`].
    pub async fn delete(
        &self,
        by: Principal,
        id: PaymentMethodId,
        kind: InstrumentKind,
    ) -> Result<(), PaymentMethodError> {
        let at = self.clock.now();
        let deleted = self.payment_methods.delete(by.account, id, kind, by.key, at).await;
        deleted.map_err(|error| match error {
            DeleteError::Missing => PaymentMethodError::NotFound(id),
            DeleteError::Default => PaymentMethodError::Default,
            DeleteError::Store(error) => PaymentMethodError::Store(error),
        })
    }

    /// Makes a payment method the default of its customer, who may be named besides.
    ///
    /// # Errors
    /// [`PaymentMethodError::NotFound`] and [`PaymentMethodError::Store`].
    pub async fn make_default(
        &self,
        account: AccountId,
        id: PaymentMethodId,
        customer: Option<CustomerId>,
    ) -> Result<PaymentMethod, PaymentMethodError> {
        let at = self.clock.now();
        let moved = self.payment_methods.make_default(account, id, customer, at).await?;
        moved.ok_or(PaymentMethodError::NotFound(id))
    }
}

#[cfg(test)]
mod tests;
