use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::api_key::{ApiKey, ApiKeyId, KeyDigest, NewApiKey};
use cardlift_core::ports::StoreError;
use diesel::prelude::*;

use crate::error::corrupt;
use crate::schema::api_key;

#[derive(Queryable, Selectable)]
#[diesel(table_name = api_key)]
pub(crate) struct ApiKeyRow {
    id: i64,
    account_id: i64,
    label: String,
    digest: Vec<u8>,
    created_at: Timestamp,
    revoked_at: Option<Timestamp>,
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
            created_at: row.created_at,
            revoked_at: row.revoked_at,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = api_key)]
pub(crate) struct NewApiKeyRow {
    account_id: i64,
    label: String,
    digest: Vec<u8>,
    created_at: Timestamp,
}

impl From<&NewApiKey> for NewApiKeyRow {
    fn from(key: &NewApiKey) -> Self {
        Self {
            account_id: key.account.get(),
            label: key.label.clone(),
            digest: key.digest.as_bytes().to_vec(),
            created_at: key.created_at,
        }
    }
}
