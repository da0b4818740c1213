//! Customers of the billing system, whom payment methods belong to.

use std::fmt;

use crate::account::AccountId;
use crate::id::positive_id;

positive_id! {
    /// The id the billing system gave a customer, unique within its account.
    CustomerId
}

/// A customer as the billing system knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Whose customer it is.
    pub account: AccountId,
    /// The billing system's id.
    pub id: CustomerId,
    /// What is known of the customer.
    pub profile: CustomerProfile,
}

/// What is known of a customer. All of it is personal data: `Debug` shows none.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CustomerProfile {
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Company.
    pub company_name: Option<String>,
    /// The address bills go to.
    pub primary_email: Option<String>,
    /// The caller's own key for this customer.
    pub reference: Option<String>,
}

impl fmt::Debug for CustomerProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerProfile(..)")
    }
}

/// A customer to be loaded, under the id the billing system gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRecord {
    /// The billing system's id.
    pub id: CustomerId,
    /// Fields that are `None` leave what is stored as it is.
    pub profile: CustomerProfile,
}

/// What a load did, a count each; they add up to the number of distinct ids loaded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LoadCounts {
    /// Customers that were not there before.
    pub created: u64,
    /// Customers that were there; their fields that the load named were set.
    pub updated: u64,
}

impl std::ops::AddAssign for LoadCounts {
    fn add_assign(&mut self, other: Self) {
        self.created += other.created;
        self.updated += other.updated;
    }
}
