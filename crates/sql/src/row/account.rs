use cardlift_core::account::{Account, AccountId, AccountName, RateLimits};
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::ports::StoreError;
use diesel::prelude::*;

use crate::corrupt;
use crate::schema::account;

/// An account, read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = account)]
pub struct AccountRow {
    id: i64,
    name: String,
    connected_account: Option<String>,
    requests_per_minute: Option<i64>,
    requests_per_day: Option<i64>,
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        let connected = row.connected_account.as_deref().map(ConnectedAccountId::parse);
        Ok(Self {
            id: AccountId::try_from(row.id).map_err(|why| corrupt("account", why))?,
            name: AccountName::parse(&row.name).map_err(|why| corrupt("account", why))?,
            limits: RateLimits {
                per_minute: limit(row.requests_per_minute)?,
                per_day: limit(row.requests_per_day)?,
            },
            connected_account: connected.transpose().map_err(|why| corrupt("account", why))?,
        })
    }
}

fn limit(requests: Option<i64>) -> Result<Option<u32>, StoreError> {
    requests.map(u32::try_from).transpose().map_err(|why| corrupt("account", why))
}

/// What setting the limits of an account sets.
#[derive(AsChangeset)]
#[diesel(table_name = account, treat_none_as_null = true)]
pub struct LimitChanges {
    requests_per_minute: Option<i64>,
    requests_per_day: Option<i64>,
}

impl From<RateLimits> for LimitChanges {
    fn from(RateLimits { per_minute, per_day }: RateLimits) -> Self {
        Self {
            requests_per_minute: per_minute.map(Into::into),
            requests_per_day: per_day.map(Into::into),
        }
    }
}
