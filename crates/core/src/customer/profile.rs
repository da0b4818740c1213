//! What is known of a customer.

use std::fmt;

use super::CustomerId;

/// What is known of a customer. All of it is personal data: `Debug` shows none.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CustomerProfile {
    /// Given name.
    pub first_name: Option<String>,
    /// Middle name.
    pub middle_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Company.
    pub company_name: Option<String>,
    /// What stands after the name.
    pub suffix: Option<String>,
    /// What stands before the name.
    pub title: Option<String>,
    /// The address bills go to.
    pub primary_email: Option<String>,
    /// The number to call.
    pub primary_phone: Option<String>,
    /// Another address.
    pub secondary_email: Option<String>,
    /// Another number.
    pub secondary_phone: Option<String>,
    /// The caller's own key for this customer.
    pub reference: Option<String>,
    /// The currency it is billed in.
    pub currency: Option<String>,
    /// The customer it belongs to.
    pub parent: Option<CustomerId>,
}

impl CustomerProfile {
    /// This profile with what a newer one knows; what the newer one leaves out stays.
    #[must_use]
    pub fn overlaid_with(self, newer: Self) -> Self {
        Self {
            first_name: newer.first_name.or(self.first_name),
            middle_name: newer.middle_name.or(self.middle_name),
            last_name: newer.last_name.or(self.last_name),
            company_name: newer.company_name.or(self.company_name),
            suffix: newer.suffix.or(self.suffix),
            title: newer.title.or(self.title),
            primary_email: newer.primary_email.or(self.primary_email),
            primary_phone: newer.primary_phone.or(self.primary_phone),
            secondary_email: newer.secondary_email.or(self.secondary_email),
            secondary_phone: newer.secondary_phone.or(self.secondary_phone),
            reference: newer.reference.or(self.reference),
            currency: newer.currency.or(self.currency),
            parent: newer.parent.or(self.parent),
        }
    }
}

impl fmt::Debug for CustomerProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerProfile(..)")
    }
}
