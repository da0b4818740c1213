//! The adapter of the port of lists.

use async_trait::async_trait;
use cardlift_core::external_id::ExternalCustomerId;
use cardlift_core::ports::{
    CustomerRange, Holding, HoldingKind, VaultCatalog, VaultCustomer, VaultError, VaultPage,
};
use cardlift_core::vault::VaultAccount;

use crate::classify;
use crate::endpoint::Endpoint;
use crate::request::Read;
use crate::vault::{StripeVault, account};

/// The most items that a page may have.
const LIMIT: (&str, &str) = ("limit", "100");

const OF_LISTED: [(&str, &str); 3] = [
    ("expand[]", "data.sources"),
    ("expand[]", "data.default_source"),
    ("expand[]", "data.invoice_settings.default_payment_method"),
];

const OF_ONE: [(&str, &str); 3] = [
    ("expand[]", "sources"),
    ("expand[]", "default_source"),
    ("expand[]", "invoice_settings.default_payment_method"),
];

#[async_trait]
impl VaultCatalog for StripeVault {
    async fn customers<'a>(
        &self,
        scope: &VaultAccount,
        range: CustomerRange<'a>,
    ) -> Result<VaultPage<VaultCustomer>, VaultError> {
        let (from, to) = (range.from.to_string(), range.to.map(|to| to.to_string()));
        let mut query = vec![LIMIT, ("created[gte]", &from)];
        query.extend(to.as_ref().map(|to| ("created[lte]", to.as_str())));
        query.extend(range.after.map(|after| ("starting_after", after.as_str())));
        query.extend(OF_LISTED);
        let read = Read {
            account: account(scope),
            endpoint: Endpoint::ListCustomers,
            customer: None,
            below: &[],
            query: &query,
        };
        let answer = self.ask(read).await?;
        classify::customers(&answer, range.after)
    }

    async fn customer(
        &self,
        scope: &VaultAccount,
        customer: &ExternalCustomerId,
    ) -> Result<VaultCustomer, VaultError> {
        let read = Read {
            account: account(scope),
            endpoint: Endpoint::ReadCustomer,
            customer: Some(customer.as_str()),
            below: &[],
            query: &OF_ONE,
        };
        let answer = self.ask(read).await?;
        classify::customer(&answer, customer)
    }

    async fn holdings<'a>(
        &self,
        scope: &VaultAccount,
        customer: &ExternalCustomerId,
        kind: HoldingKind,
        after: Option<&'a str>,
    ) -> Result<VaultPage<Holding>, VaultError> {
        let (collection, of_cards) = match kind {
            HoldingKind::Source => ("sources", None),
            HoldingKind::PaymentMethod => ("payment_methods", Some(("type", "card"))),
        };
        let mut query = vec![LIMIT];
        query.extend(of_cards);
        query.extend(after.map(|after| ("starting_after", after)));
        let read = Read {
            account: account(scope),
            endpoint: Endpoint::ListHoldings,
            customer: Some(customer.as_str()),
            below: &[collection],
            query: &query,
        };
        let answer = self.ask(read).await?;
        classify::holdings(&answer, customer, after)
    }
}
