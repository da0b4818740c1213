use cardlift_core::account::{Account, AccountId, AccountName};
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
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        let connected = row.connected_account.as_deref().map(ConnectedAccountId::parse);
        Ok(Self {
            id: AccountId::try_from(row.id).map_err(|why| corrupt("account", why))?,
            name: AccountName::parse(&row.name).map_err(|why| corrupt("account", why))?,
            connected_account: connected.transpose().map_err(|why| corrupt("account", why))?,
        })
    }
}
