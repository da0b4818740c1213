use cardlift_core::account::AccountId;
use cardlift_core::customer::{Customer, CustomerId, CustomerProfile};
use cardlift_core::ports::StoreError;
use diesel::prelude::*;

use crate::corrupt;
use crate::schema::customer;

/// A customer, read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = customer)]
pub struct CustomerRow {
    account_id: i64,
    id: i64,
    first_name: Option<String>,
    last_name: Option<String>,
    company_name: Option<String>,
    primary_email: Option<String>,
    reference: Option<String>,
}

impl TryFrom<CustomerRow> for Customer {
    type Error = StoreError;

    fn try_from(row: CustomerRow) -> Result<Self, StoreError> {
        Ok(Self {
            account: AccountId::try_from(row.account_id).map_err(|why| corrupt("customer", why))?,
            id: CustomerId::try_from(row.id).map_err(|why| corrupt("customer", why))?,
            profile: CustomerProfile {
                first_name: row.first_name,
                last_name: row.last_name,
                company_name: row.company_name,
                primary_email: row.primary_email,
                reference: row.reference,
            },
        })
    }
}
