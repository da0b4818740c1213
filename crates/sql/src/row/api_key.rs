use cardlift_core::account::AccountId;
use cardlift_core::api_key::{ApiKey, ApiKeyId, KeyDigest, KeyOfAccount, NewApiKey, Scopes};
use cardlift_core::ports::StoreError;
use diesel::prelude::*;

use super::AccountRow;
use crate::schema::api_key;
use crate::{Instant, corrupt};

/// An API key, read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = api_key)]
pub struct ApiKeyRow {
    id: i64,
    account_id: i64,
    label: String,
    digest: Vec<u8>,
    created_at: Instant,
    revoked_at: Option<Instant>,
    scopes: String,
    expires_at: Option<Instant>,
    last_used_at: Option<Instant>,
}

impl TryFrom<ApiKeyRow> for ApiKey {
    type Error = StoreError;

    fn try_from(row: ApiKeyRow) -> Result<Self, StoreError> {
        let digest: Result<[u8; 32], _> = row.digest.as_slice().try_into();
        Ok(Self {
            id: ApiKeyId::try_from(row.id).map_err(|why| corrupt("api_key", why))?,
            account: AccountId::try_from(row.account_id).map_err(|why| corrupt("api_key", why))?,
            label: row.label,
            digest: KeyDigest::from_bytes(digest.map_err(|why| corrupt("api_key", why))?),
            scopes: Scopes::parse(&row.scopes).map_err(|why| corrupt("api_key", why))?,
            created_at: row.created_at.0,
            expires_at: row.expires_at.map(|at| at.0),
            last_used_at: row.last_used_at.map(|at| at.0),
            revoked_at: row.revoked_at.map(|at| at.0),
        })
    }
}

/// An API key, to be added.
#[derive(Insertable)]
#[diesel(table_name = api_key)]
pub struct NewApiKeyRow {
    account_id: i64,
    label: String,
    digest: Vec<u8>,
    scopes: String,
    created_at: Instant,
    expires_at: Option<Instant>,
}

impl From<&NewApiKey> for NewApiKeyRow {
    fn from(key: &NewApiKey) -> Self {
        Self {
            account_id: key.account.get(),
            label: key.label.clone(),
            digest: key.digest.as_bytes().to_vec(),
            scopes: key.scopes.to_string(),
            created_at: Instant(key.created_at),
            expires_at: key.expires_at.map(Instant),
        }
    }
}

/// A key read together with its account.
///
/// # Errors
/// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a row that is none.
pub fn key_of_account((key, account): (ApiKeyRow, AccountRow)) -> Result<KeyOfAccount, StoreError> {
    Ok(KeyOfAccount { key: key.try_into()?, account: account.try_into()? })
}
