//! A card number of which only the last four digits are known.

use std::fmt;

use thiserror::Error;

/// A masked card number: twelve asterisks and the last four digits, whatever the brand.
///
/// Four digits are all it can hold, so a whole card number can't get into the domain by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MaskedNumber([char; 4]);

/// A text that is not four digits. It is not kept: it might be a card number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the last four of a card are four digits")]
pub struct InvalidLastFour;

impl MaskedNumber {
    /// A number from its last four digits.
    pub fn from_last_four(last_four: &str) -> Result<Self, InvalidLastFour> {
        let mut chars = last_four.chars();
        let mut digit = || chars.next().filter(char::is_ascii_digit).ok_or(InvalidLastFour);
        let digits = [digit()?, digit()?, digit()?, digit()?];
        if chars.next().is_some() { Err(InvalidLastFour) } else { Ok(Self(digits)) }
    }

    /// The last four digits.
    #[must_use]
    pub fn last_four(&self) -> String {
        self.0.iter().collect()
    }
}

impl fmt::Display for MaskedNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "************{}", self.last_four())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_is_twelve_asterisks() {
        let number = MaskedNumber::from_last_four("4242").expect("four digits");
        assert_eq!(number.to_string(), "************4242");
        assert_eq!(number.last_four(), "4242");
    }

    #[test]
    fn anything_but_four_digits_is_refused() {
        for wrong in ["", "424", "42424", "4242424242424242", "424x", "４２４２"] {
            assert_eq!(MaskedNumber::from_last_four(wrong), Err(InvalidLastFour), "{wrong}");
        }
    }
}
