//! Use cases of customers: create, read, replace, search.

use std::sync::Arc;

use thiserror::Error;

use crate::account::AccountId;
use crate::customer::{Customer, CustomerId, CustomerProfile, CustomerQuery, CustomerStatus};
use crate::page::{Page, PageRequest};
use crate::ports::{Clock, CustomerRepository, StoreError};

/// Creates, reads, replaces and searches customers.
#[derive(Clone)]
pub struct Customers {
    /// The billing system's customers.
    pub customers: Arc<dyn CustomerRepository>,
    /// Says when.
    pub clock: Arc<dyn Clock>,
}

/// What a customer is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplaceCustomer {
    /// The account on whose behalf.
    pub account: AccountId,
    /// The customer.
    pub id: CustomerId,
    /// What is known of it; what is left out is gone.
    pub profile: CustomerProfile,
    /// Where it stands.
    pub status: CustomerStatus,
}

/// Why nothing was done. Nothing was written.
#[derive(Debug, Error)]
pub enum CustomerError {
    /// The account has no such customer.
    #[error("Customer with id {0} not found.")]
    NotFound(CustomerId),
    /// The account has no customer that could be the parent.
    #[error("parentId names a customer that there is not: {0}.")]
    NoParent(CustomerId),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Customers {
    /// Adds a customer, as a draft.
    ///
    /// # Errors
    /// [`CustomerError::NoParent`] and [`CustomerError::Store`].
    pub async fn create(
        &self,
        account: AccountId,
        profile: &CustomerProfile,
    ) -> Result<Customer, CustomerError> {
        self.check_parent(account, profile).await?;
        let status = CustomerStatus::Draft;
        Ok(self.customers.create(account, profile, status, self.clock.now()).await?)
    }

    /// The customer of this id.
    ///
    /// # Errors
    /// [`CustomerError::NotFound`] and [`CustomerError::Store`].
    pub async fn find(
        &self,
        account: AccountId,
        id: CustomerId,
    ) -> Result<Customer, CustomerError> {
        self.customers.find(account, id).await?.ok_or(CustomerError::NotFound(id))
    }

    /// Replaces what is known of a customer.
    ///
    /// # Errors
    /// Each kind of [`CustomerError`].
    pub async fn replace(&self, replace: ReplaceCustomer) -> Result<Customer, CustomerError> {
        let ReplaceCustomer { account, id, profile, status } = replace;
        self.check_parent(account, &profile).await?;
        let at = self.clock.now();
        let replaced = self.customers.replace(account, id, &profile, status, at).await?;
        replaced.ok_or(CustomerError::NotFound(id))
    }

    /// A page of the customers that a query asks for.
    ///
    /// # Errors
    /// [`CustomerError::Store`].
    pub async fn search(
        &self,
        account: AccountId,
        query: &CustomerQuery,
        page: PageRequest,
    ) -> Result<Page<Customer>, CustomerError> {
        Ok(self.customers.search(account, query, page).await?)
    }

    async fn check_parent(
        &self,
        account: AccountId,
        profile: &CustomerProfile,
    ) -> Result<(), CustomerError> {
        let Some(parent) = profile.parent else { return Ok(()) };
        match self.customers.find(account, parent).await? {
            Some(_) => Ok(()),
            None => Err(CustomerError::NoParent(parent)),
        }
    }
}

#[cfg(test)]
mod tests {
    use mockall::predicate::{always, eq};

    use super::*;
    use crate::Timestamp;
    use crate::customer::AccountStanding;
    use crate::ports::{MockClock, MockCustomerRepository};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const ACCOUNT: AccountId = AccountId::DEFAULT;

    fn id(id: i64) -> CustomerId {
        CustomerId::try_from(id).expect("an id")
    }

    fn customer(profile: CustomerProfile, status: CustomerStatus) -> Customer {
        let (standing, created_at, updated_at) = (AccountStanding::Good, NOW, NOW);
        Customer { account: ACCOUNT, id: id(1), profile, status, standing, created_at, updated_at }
    }

    fn child() -> CustomerProfile {
        CustomerProfile { parent: Some(id(7)), ..CustomerProfile::default() }
    }

    fn use_cases(customers: MockCustomerRepository) -> Customers {
        let mut clock = MockClock::new();
        clock.expect_now().return_const(NOW);
        Customers { customers: Arc::new(customers), clock: Arc::new(clock) }
    }

    #[tokio::test]
    async fn a_new_customer_is_a_draft() {
        let mut customers = MockCustomerRepository::new();
        let create = customers.expect_create().once();
        create
            .with(eq(ACCOUNT), eq(CustomerProfile::default()), eq(CustomerStatus::Draft), eq(NOW))
            .return_once(|_, profile, status, _| Ok(customer(profile.clone(), status)));
        let created = use_cases(customers).create(ACCOUNT, &CustomerProfile::default()).await;
        assert_eq!(created.expect("created").status, CustomerStatus::Draft);
    }

    #[tokio::test]
    async fn a_parent_that_is_not_there_keeps_everything_as_it_is() {
        let mut customers = MockCustomerRepository::new();
        customers.expect_find().with(eq(ACCOUNT), eq(id(7))).times(2).returning(|_, _| Ok(None));
        let use_cases = use_cases(customers);
        let error = use_cases.create(ACCOUNT, &child()).await.expect_err("no parent");
        assert_eq!(error.to_string(), "parentId names a customer that there is not: 7.");
        let status = CustomerStatus::Active;
        let replace = ReplaceCustomer { account: ACCOUNT, id: id(1), profile: child(), status };
        let error = use_cases.replace(replace).await.expect_err("no parent");
        assert!(matches!(error, CustomerError::NoParent(parent) if parent == id(7)));
    }

    #[tokio::test]
    async fn who_is_not_there_is_not_found() {
        let mut customers = MockCustomerRepository::new();
        customers.expect_find().once().return_once(|_, _| Ok(None));
        let replace = customers.expect_replace().once();
        replace
            .with(eq(ACCOUNT), eq(id(1)), always(), eq(CustomerStatus::Hold), eq(NOW))
            .return_once(|_, _, _, _, _| Ok(None));
        let use_cases = use_cases(customers);
        let error = use_cases.find(ACCOUNT, id(1)).await.expect_err("not there");
        assert_eq!(error.to_string(), "Customer with id 1 not found.");
        let (profile, status) = (CustomerProfile::default(), CustomerStatus::Hold);
        let replace = ReplaceCustomer { account: ACCOUNT, id: id(1), profile, status };
        let error = use_cases.replace(replace).await.expect_err("not there");
        assert!(matches!(error, CustomerError::NotFound(_)));
    }
}
