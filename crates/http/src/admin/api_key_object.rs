use cardlift_core::api_key::{ApiKey, Scope};
use cardlift_core::use_cases::CreatedApiKey;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Array, ArrayBuilder};

use crate::openapi::schema;
use crate::timestamp;

/// An API key as the API answers it: these fields, in this order, and nothing of the key itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiKey)]
pub(super) struct ApiKeyObject {
    id: i64,
    /// What it is called.
    label: String,
    /// What it may be used for.
    #[schema(schema_with = scopes)]
    scopes: Vec<&'static str>,
    /// As RFC 3339 has it, in UTC.
    #[schema(format = DateTime)]
    created_timestamp: String,
    /// From when on it is good no more; null where it does not expire.
    #[schema(required, format = DateTime)]
    expires_at: Option<String>,
    /// When it was last used, some seconds late; null where it was not.
    #[schema(required, format = DateTime)]
    last_used_timestamp: Option<String>,
    /// When it was revoked; null where it was not.
    #[schema(required, format = DateTime)]
    revoked_timestamp: Option<String>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CreatedApiKey)]
pub(super) struct CreatedApiKeyObject {
    #[serde(flatten)]
    about: ApiKeyObject,
    /// The key as it is sent in the header Authorization. It can't be had again.
    key: String,
}

impl From<ApiKey> for ApiKeyObject {
    fn from(key: ApiKey) -> Self {
        let ApiKey { id, label, scopes, created_at, expires_at, last_used_at, revoked_at, .. } =
            key;
        Self {
            id: id.get(),
            label,
            scopes: scopes.iter().map(Scope::name).collect(),
            created_timestamp: timestamp::text(created_at),
            expires_at: expires_at.map(timestamp::text),
            last_used_timestamp: last_used_at.map(timestamp::text),
            revoked_timestamp: revoked_at.map(timestamp::text),
        }
    }
}

impl From<CreatedApiKey> for CreatedApiKeyObject {
    fn from(CreatedApiKey { key, secret }: CreatedApiKey) -> Self {
        Self { about: key.into(), key: secret.issued().expose_secret().to_owned() }
    }
}

/// One scope or more.
pub(super) fn scopes() -> Array {
    let items = schema::one_of(Scope::ALL.map(Scope::name));
    ArrayBuilder::new().items(items).min_items(Some(1)).build()
}
