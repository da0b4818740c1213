use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::customer::{
    AccountStanding, Customer, CustomerId, CustomerProfile, CustomerStatus,
};
use cardlift_core::ports::StoreError;
use diesel::prelude::*;

use crate::schema::customer;
use crate::{Instant, corrupt};

/// The columns that hold what is known of a customer. What is not known sets its column to NULL.
#[derive(Clone, Queryable, QueryableByName, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = customer, treat_none_as_null = true)]
pub struct ProfileColumns {
    first_name: Option<String>,
    middle_name: Option<String>,
    last_name: Option<String>,
    company_name: Option<String>,
    suffix: Option<String>,
    title: Option<String>,
    primary_email: Option<String>,
    primary_phone: Option<String>,
    secondary_email: Option<String>,
    secondary_phone: Option<String>,
    reference: Option<String>,
    currency: Option<String>,
    parent_id: Option<i64>,
}

impl From<&CustomerProfile> for ProfileColumns {
    fn from(profile: &CustomerProfile) -> Self {
        let profile = profile.clone();
        Self {
            first_name: profile.first_name,
            middle_name: profile.middle_name,
            last_name: profile.last_name,
            company_name: profile.company_name,
            suffix: profile.suffix,
            title: profile.title,
            primary_email: profile.primary_email,
            primary_phone: profile.primary_phone,
            secondary_email: profile.secondary_email,
            secondary_phone: profile.secondary_phone,
            reference: profile.reference,
            currency: profile.currency,
            parent_id: profile.parent.map(CustomerId::get),
        }
    }
}

impl TryFrom<ProfileColumns> for CustomerProfile {
    type Error = StoreError;

    fn try_from(row: ProfileColumns) -> Result<Self, StoreError> {
        let parent = row.parent_id.map(CustomerId::try_from).transpose();
        Ok(Self {
            first_name: row.first_name,
            middle_name: row.middle_name,
            last_name: row.last_name,
            company_name: row.company_name,
            suffix: row.suffix,
            title: row.title,
            primary_email: row.primary_email,
            primary_phone: row.primary_phone,
            secondary_email: row.secondary_email,
            secondary_phone: row.secondary_phone,
            reference: row.reference,
            currency: row.currency,
            parent: parent.map_err(|why| corrupt("customer", why))?,
        })
    }
}

/// A customer, read.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = customer)]
pub struct CustomerRow {
    account_id: i64,
    id: i64,
    #[diesel(embed)]
    profile: ProfileColumns,
    status: String,
    standing: String,
    created_at: Instant,
    updated_at: Instant,
}

impl CustomerRow {
    /// What loading a profile over this row sets: what the profile leaves out stays.
    ///
    /// # Errors
    /// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a row that is none.
    pub fn overlay(
        self,
        newer: CustomerProfile,
        at: Timestamp,
    ) -> Result<CustomerChanges, StoreError> {
        let there = Customer::try_from(self)?;
        Ok(CustomerChanges::new(&there.profile.overlaid_with(newer), there.status, at))
    }
}

/// The id that follows the greatest one of an account.
///
/// # Errors
/// There is none left.
pub fn next_customer_id(last: Option<i64>) -> QueryResult<CustomerId> {
    let next = last.unwrap_or(0).checked_add(1).and_then(|id| CustomerId::try_from(id).ok());
    next.ok_or_else(|| diesel::result::Error::QueryBuilderError("no customer id is left".into()))
}

impl TryFrom<CustomerRow> for Customer {
    type Error = StoreError;

    fn try_from(row: CustomerRow) -> Result<Self, StoreError> {
        let unknown = |what| move || corrupt("customer", what);
        Ok(Self {
            account: AccountId::try_from(row.account_id).map_err(|why| corrupt("customer", why))?,
            id: CustomerId::try_from(row.id).map_err(|why| corrupt("customer", why))?,
            profile: row.profile.try_into()?,
            status: CustomerStatus::from_name(&row.status)
                .ok_or_else(unknown("its status is none"))?,
            standing: AccountStanding::from_name(&row.standing)
                .ok_or_else(unknown("its standing is none"))?,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        })
    }
}

/// A customer, to be added.
#[derive(Clone, Insertable)]
#[diesel(table_name = customer)]
pub struct NewCustomerRow {
    account_id: i64,
    id: i64,
    #[diesel(embed)]
    profile: ProfileColumns,
    status: &'static str,
    standing: &'static str,
    created_at: Instant,
    updated_at: Instant,
}

impl NewCustomerRow {
    /// A row in good standing.
    #[must_use]
    pub fn new(
        account: AccountId,
        id: CustomerId,
        profile: &CustomerProfile,
        status: CustomerStatus,
        at: Timestamp,
    ) -> Self {
        Self {
            account_id: account.get(),
            id: id.get(),
            profile: ProfileColumns::from(profile),
            status: status.name(),
            standing: AccountStanding::Good.name(),
            created_at: Instant(at),
            updated_at: Instant(at),
        }
    }
}

/// What replacing a customer, or loading over one, sets.
#[derive(Clone, AsChangeset)]
#[diesel(table_name = customer)]
pub struct CustomerChanges {
    #[diesel(embed)]
    profile: ProfileColumns,
    status: &'static str,
    updated_at: Instant,
}

impl CustomerChanges {
    /// This profile and status, now.
    #[must_use]
    pub fn new(profile: &CustomerProfile, status: CustomerStatus, at: Timestamp) -> Self {
        let profile = ProfileColumns::from(profile);
        Self { profile, status: status.name(), updated_at: Instant(at) }
    }
}
