use cardlift_core::account::Account;
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::payment_method::DefaultChoice;
use cardlift_core::use_cases::AccountDetails;
use cardlift_core::vault::VaultMode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, Type};

use super::change;
use crate::openapi::schema;
use crate::timestamp;

/// An account as the API answers it: these fields, in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Account)]
pub(super) struct AccountObject {
    id: i64,
    name: String,
    /// The mode of Stripe's that it is bound to; null until it has had a key.
    #[schema(required, schema_with = mode)]
    mode: Option<&'static str>,
    /// Whether a Stripe key of its own is kept. One of the server's settings is not counted.
    has_vault_key: bool,
    /// The connected Stripe account that its stripeConnect imports read; null where there is none.
    #[schema(required)]
    connected_account: Option<String>,
    /// How many requests each of its keys may make in a minute; null for as many as it likes.
    #[schema(required, schema_with = change::limit_schema)]
    rate_per_minute: Option<u32>,
    /// How many in a day; null for as many as it likes.
    #[schema(required, schema_with = change::limit_schema)]
    rate_per_day: Option<u32>,
    /// What an import that does not say makes of the customer's default.
    #[schema(schema_with = default_choice)]
    default_choice: &'static str,
    /// Whether none of its keys is let in, and nobody works on its jobs.
    disabled: bool,
    /// Since when; null where it is not disabled.
    #[schema(required, format = DateTime)]
    disabled_timestamp: Option<String>,
}

impl From<AccountDetails> for AccountObject {
    fn from(AccountDetails { account, has_vault_key }: AccountDetails) -> Self {
        let Account { id, name, connected_account, limits, default_choice, mode, disabled_at } =
            account;
        Self {
            id: id.get(),
            name: name.to_string(),
            mode: mode.map(VaultMode::name),
            has_vault_key,
            connected_account: connected_account.as_ref().map(ConnectedAccountId::to_string),
            rate_per_minute: limits.per_minute,
            rate_per_day: limits.per_day,
            default_choice: default_choice.name(),
            disabled: disabled_at.is_some(),
            disabled_timestamp: disabled_at.map(timestamp::text),
        }
    }
}

/// One of the choices.
pub(super) fn default_choice() -> ObjectBuilder {
    schema::one_of(DefaultChoice::ALL.map(DefaultChoice::name))
}

fn mode() -> AnyOfBuilder {
    AnyOfBuilder::new()
        .item(schema::one_of(VaultMode::ALL.map(VaultMode::name)))
        .item(ObjectBuilder::new().schema_type(Type::Null))
}
