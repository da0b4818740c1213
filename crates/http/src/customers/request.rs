//! The bodies that make and replace customers.

use cardlift_core::account::AccountId;
use cardlift_core::customer::{CustomerProfile, CustomerStatus, TextField};
use cardlift_core::use_cases::ReplaceCustomer;
use serde_json::json;
use utoipa::openapi::{RefOr, Schema};

use super::object;
use crate::body::{Fields, Members};
use crate::error::ApiError;
use crate::openapi::schema::{self, Body, Others};

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

/// What the body of a new customer is said to be.
pub(super) fn new_body() -> Body {
    Body {
        name: "NewCustomer",
        members: members().collect(),
        required: &[],
        others: Others::Ignored,
        example: json!({"firstName": "Jane", "lastName": "Austen", "reference": "A-17"}),
    }
}

/// What the body of a replacement is said to be.
pub(super) fn replacement_body() -> Body {
    let own = [("id", schema::id().into()), ("status", object::status().into())];
    Body {
        name: "ReplaceCustomer",
        members: own.into_iter().chain(members()).collect(),
        required: &["id", "status"],
        others: Others::Ignored,
        example: json!({"id": 2_526_546, "status": "Active", "firstName": "Jane"}),
    }
}

fn members() -> impl Iterator<Item = (&'static str, RefOr<Schema>)> {
    let texts = CustomerProfile::TEXTS.into_iter();
    let texts = texts.map(|text| (text.name, schema::optional_text().into()));
    texts.chain([("parentId", schema::optional_id().into())])
}

/// Every field is looked at, so that every problem is told.
fn profile(fields: &mut Fields<'_>) -> Option<CustomerProfile> {
    let mut profile = Some(CustomerProfile::default());
    for TextField { name, get_mut, .. } in CustomerProfile::TEXTS {
        let text = fields.optional_text(name);
        profile = profile.zip(text).map(|(mut profile, text)| {
            *get_mut(&mut profile) = text;
            profile
        });
    }
    let parent = fields.optional_id("parentId")?;
    Some(CustomerProfile { parent, ..profile? })
}
