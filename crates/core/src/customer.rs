//! Customers of the billing system, whom payment methods belong to.

mod profile;
mod query;
mod status;

use std::collections::BTreeMap;

pub use profile::{CustomerProfile, InvalidCustomerText, KnownFields, TextField};
pub use query::{
    Condition, CustomerField, CustomerFilter, CustomerQuery, FieldKind, Pattern, SearchValue,
};
pub use status::{AccountStanding, CustomerStatus};

use crate::Timestamp;
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
    /// Where it stands in its life.
    pub status: CustomerStatus,
    /// Whether it pays.
    pub standing: AccountStanding,
    /// When it was first known.
    pub created_at: Timestamp,
    /// When something of it last changed.
    pub updated_at: Timestamp,
}

/// A customer to be loaded, under the id the billing system gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRecord {
    /// The billing system's id.
    pub id: CustomerId,
    /// Fields that are `None` leave what is stored as it is.
    pub profile: CustomerProfile,
}

impl CustomerRecord {
    /// These records with one for each id, in the order of the ids; a later record lies over an
    /// earlier one of the same id.
    #[must_use]
    pub fn merged(records: &[Self]) -> Vec<Self> {
        let mut profiles = BTreeMap::<CustomerId, CustomerProfile>::new();
        for Self { id, profile } in records {
            let there = profiles.entry(*id).or_default();
            *there = std::mem::take(there).overlaid_with(profile.clone());
        }
        profiles.into_iter().map(|(id, profile)| Self { id, profile }).collect()
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn named(id: i64, first: Option<&str>, last: Option<&str>) -> CustomerRecord {
        let profile = CustomerProfile {
            first_name: first.map(Into::into),
            last_name: last.map(Into::into),
            ..CustomerProfile::default()
        };
        CustomerRecord { id: CustomerId::try_from(id).expect("an id"), profile }
    }

    #[test]
    fn records_of_one_id_become_one_and_the_later_counts() {
        let records = [
            named(2, Some("Ana"), Some("Lima")),
            named(1, None, None),
            named(2, Some("Eva"), None),
        ];
        let merged = CustomerRecord::merged(&records);
        assert_eq!(merged, [named(1, None, None), named(2, Some("Eva"), Some("Lima"))]);
    }

    #[test]
    fn debug_shows_no_name() {
        assert!(!format!("{:?}", named(1, Some("Ana"), None)).contains("Ana"));
    }
}
