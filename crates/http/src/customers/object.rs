use cardlift_core::customer::{AccountStanding, Customer, CustomerId, CustomerStatus};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::ObjectBuilder;

use crate::openapi::schema;
use crate::timestamp;

/// A customer as the API answers it: these fields, in this order. What is not known is null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Customer)]
pub(super) struct CustomerObject {
    #[schema(required)]
    first_name: Option<String>,
    #[schema(required)]
    middle_name: Option<String>,
    #[schema(required)]
    last_name: Option<String>,
    #[schema(required)]
    company_name: Option<String>,
    #[schema(required)]
    suffix: Option<String>,
    #[schema(required)]
    primary_email: Option<String>,
    #[schema(required)]
    primary_phone: Option<String>,
    #[schema(required)]
    secondary_email: Option<String>,
    #[schema(required)]
    secondary_phone: Option<String>,
    #[schema(required)]
    title: Option<String>,
    #[schema(required)]
    reference: Option<String>,
    #[schema(schema_with = status)]
    status: &'static str,
    #[schema(schema_with = standing)]
    customer_account_status: &'static str,
    #[schema(required)]
    currency: Option<String>,
    /// Another customer of the account.
    #[schema(required)]
    parent_id: Option<i64>,
    /// As RFC 3339 has it, in UTC.
    #[schema(format = DateTime)]
    created_timestamp: String,
    /// As RFC 3339 has it, in UTC.
    #[schema(format = DateTime)]
    modified_timestamp: String,
    id: i64,
    /// Always null.
    #[schema(required)]
    uri: Option<String>,
}

impl From<Customer> for CustomerObject {
    fn from(customer: Customer) -> Self {
        let Customer { id, profile, status, standing, created_at, updated_at, .. } = customer;
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
            created_timestamp: timestamp::text(created_at),
            modified_timestamp: timestamp::text(updated_at),
            id: id.get(),
            uri: None,
        }
    }
}

/// One of the statuses.
pub(super) fn status() -> ObjectBuilder {
    schema::one_of(CustomerStatus::ALL.map(CustomerStatus::name))
}

fn standing() -> ObjectBuilder {
    schema::one_of(AccountStanding::ALL.map(AccountStanding::name))
}
