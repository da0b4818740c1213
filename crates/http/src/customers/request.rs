//! The bodies that make and replace customers.

use cardlift_core::account::AccountId;
use cardlift_core::customer::{CustomerProfile, CustomerStatus};
use cardlift_core::use_cases::ReplaceCustomer;

use crate::body::{Fields, Members};
use crate::error::ApiError;

/// What is known of a new customer. Its status is not the caller's to choose.
pub(super) fn new(members: &Members) -> Result<CustomerProfile, ApiError> {
    let mut fields = Fields::new(members);
    let profile = profile(&mut fields);
    fields.finish(profile).map_err(ApiError::Fields)
}

/// What a customer is to be.
pub(super) fn replacement(
    members: &Members,
    account: AccountId,
) -> Result<ReplaceCustomer, ApiError> {
    let mut fields = Fields::new(members);
    let id = fields.id("id");
    let status = fields.text("status", |name| {
        CustomerStatus::from_name(name).ok_or_else(|| {
            format!("must be {}", CustomerStatus::ALL.map(CustomerStatus::name).join(" or "))
        })
    });
    let profile = profile(&mut fields);
    let taken =
        (|| Some(ReplaceCustomer { account, id: id?, profile: profile?, status: status? }))();
    fields.finish(taken).map_err(ApiError::Fields)
}

/// Every field is looked at, so that every problem is told.
fn profile(fields: &mut Fields<'_>) -> Option<CustomerProfile> {
    let first_name = fields.optional_text("firstName");
    let middle_name = fields.optional_text("middleName");
    let last_name = fields.optional_text("lastName");
    let company_name = fields.optional_text("companyName");
    let suffix = fields.optional_text("suffix");
    let primary_email = fields.optional_text("primaryEmail");
    let primary_phone = fields.optional_text("primaryPhone");
    let secondary_email = fields.optional_text("secondaryEmail");
    let secondary_phone = fields.optional_text("secondaryPhone");
    let title = fields.optional_text("title");
    let reference = fields.optional_text("reference");
    let currency = fields.optional_text("currency");
    let parent = fields.optional_id("parentId");
    Some(CustomerProfile {
        first_name: first_name?,
        middle_name: middle_name?,
        last_name: last_name?,
        company_name: company_name?,
        suffix: suffix?,
        primary_email: primary_email?,
        primary_phone: primary_phone?,
        secondary_email: secondary_email?,
        secondary_phone: secondary_phone?,
        title: title?,
        reference: reference?,
        currency: currency?,
        parent: parent?,
    })
}
