use cardlift_core::account::{Account, AccountId, AccountName, RateLimits};
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::payment_method::DefaultChoice;
use cardlift_core::ports::StoreError;
use cardlift_core::vault::VaultMode;
use diesel::prelude::*;

use crate::schema::account;
use crate::{Instant, corrupt};

/// An account, read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = account)]
pub struct AccountRow {
    id: i64,
    name: String,
    #[diesel(embed)]
    columns: AccountColumns,
}

/// What of an account can be changed.
#[derive(Queryable, Selectable, AsChangeset)]
#[diesel(table_name = account, treat_none_as_null = true)]
pub struct AccountColumns {
    connected_account: Option<String>,
    requests_per_minute: Option<i64>,
    requests_per_day: Option<i64>,
    makes_default: bool,
    mode: Option<String>,
    disabled_at: Option<Instant>,
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(AccountRow { id, name, columns }: AccountRow) -> Result<Self, StoreError> {
        let connected = columns.connected_account.as_deref().map(ConnectedAccountId::parse);
        let mode = columns.mode.map(|mode| {
            VaultMode::from_name(&mode).ok_or_else(|| corrupt("account", "its mode is none"))
        });
        Ok(Self {
            id: AccountId::try_from(id).map_err(|why| corrupt("account", why))?,
            name: AccountName::parse(&name).map_err(|why| corrupt("account", why))?,
            connected_account: connected.transpose().map_err(|why| corrupt("account", why))?,
            limits: RateLimits {
                per_minute: limit(columns.requests_per_minute)?,
                per_day: limit(columns.requests_per_day)?,
            },
            default_choice: if columns.makes_default {
                DefaultChoice::MakeDefault
            } else {
                DefaultChoice::LeaveAsIs
            },
            mode: mode.transpose()?,
            disabled_at: columns.disabled_at.map(|at| at.0),
        })
    }
}

fn limit(requests: Option<i64>) -> Result<Option<u32>, StoreError> {
    requests.map(u32::try_from).transpose().map_err(|why| corrupt("account", why))
}

impl From<&Account> for AccountColumns {
    fn from(account: &Account) -> Self {
        let connected = account.connected_account.as_ref();
        Self {
            connected_account: connected.map(|connected| connected.as_str().to_owned()),
            requests_per_minute: account.limits.per_minute.map(Into::into),
            requests_per_day: account.limits.per_day.map(Into::into),
            makes_default: account.default_choice == DefaultChoice::MakeDefault,
            mode: account.mode.map(|mode| mode.name().to_owned()),
            disabled_at: account.disabled_at.map(Instant),
        }
    }
}
