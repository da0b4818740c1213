use cardlift_core::customer::{Customer, CustomerId};
use chrono::SecondsFormat;
use serde::Serialize;

/// A customer as the API answers it: these fields, in this order. What is not known is null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerObject {
    first_name: Option<String>,
    middle_name: Option<String>,
    last_name: Option<String>,
    company_name: Option<String>,
    suffix: Option<String>,
    primary_email: Option<String>,
    primary_phone: Option<String>,
    secondary_email: Option<String>,
    secondary_phone: Option<String>,
    title: Option<String>,
    reference: Option<String>,
    status: &'static str,
    customer_account_status: &'static str,
    currency: Option<String>,
    parent_id: Option<i64>,
    created_timestamp: String,
    modified_timestamp: String,
    id: i64,
    uri: Option<String>,
}

impl From<Customer> for CustomerObject {
    fn from(customer: Customer) -> Self {
        let Customer { id, profile, status, standing, created_at, updated_at, .. } = customer;
        // As precise as it is stored, so that it can be searched by.
        let text = |at: cardlift_core::Timestamp| at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        Self {
            first_name: profile.first_name,
            middle_name: profile.middle_name,
            last_name: profile.last_name,
            company_name: profile.company_name,
            suffix: profile.suffix,
            primary_email: profile.primary_email,
            primary_phone: profile.primary_phone,
            secondary_email: profile.secondary_email,
            secondary_phone: profile.secondary_phone,
            title: profile.title,
            reference: profile.reference,
            status: status.name(),
            customer_account_status: standing.name(),
            currency: profile.currency,
            parent_id: profile.parent.map(CustomerId::get),
            created_timestamp: text(created_at),
            modified_timestamp: text(updated_at),
            id: id.get(),
            uri: None,
        }
    }
}
