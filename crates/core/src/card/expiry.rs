//! When a card expires.

use thiserror::Error;

/// The last month a card is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expiry {
    year: u16,
    month: u8,
}

/// A month and year that no card can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{month}/{year} is no expiry: the month is 1 to 12, the year 1970 to 9999")]
pub struct InvalidExpiry {
    /// The month given.
    pub month: i64,
    /// The year given.
    pub year: i64,
}

impl Expiry {
    /// An expiry from a month, 1 to 12, and a year of four digits.
    pub fn new(month: i64, year: i64) -> Result<Self, InvalidExpiry> {
        let invalid = InvalidExpiry { month, year };
        if !(1..=12).contains(&month) || !(1970..=9999).contains(&year) {
            return Err(invalid);
        }
        match (u8::try_from(month), u16::try_from(year)) {
            (Ok(month), Ok(year)) => Ok(Self { year, month }),
            _ => Err(invalid),
        }
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The year, four digits.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The last two digits of the year, as the wire contract has it.
    #[must_use]
    pub const fn two_digit_year(self) -> u16 {
        self.year % 100
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_card_expires_in_november_17() {
        let expiry = Expiry::new(11, 2017).expect("a valid expiry");
        assert_eq!((expiry.month(), expiry.year(), expiry.two_digit_year()), (11, 2017, 17));
    }

    #[test]
    fn a_month_or_year_out_of_range_is_refused() {
        for (month, year) in [(0, 2030), (13, 2030), (-1, 2030), (1, 30), (1, 10_000)] {
            assert_eq!(Expiry::new(month, year), Err(InvalidExpiry { month, year }));
        }
    }
}
