//! A billing address.

use std::fmt;

/// A billing address, each part as the vault gives it. Personal data: `Debug` shows none.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// Street and number.
    pub line1: Option<String>,
    /// Flat, floor, care of.
    pub line2: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province: free form.
    pub state: Option<String>,
    /// Postal or ZIP code.
    pub postal_code: Option<String>,
    /// Country: a name or an ISO 3166-1 code, free form.
    pub country: Option<String>,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(..)")
    }
}
