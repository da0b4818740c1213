//! A number at a bank of which only the last digits are known.

use std::fmt;

use thiserror::Error;

/// A masked number of an account or a bank: four asterisks and the last characters, four at most.
///
/// Four are all it can hold, so a whole number can't get into the domain by it. There are banks
/// whose numbers end in letters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MaskedAccountNumber(String);

/// A text that is not one to four letters and digits. It is not kept: it might be a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the last four of an account are one to four letters or digits")]
pub struct InvalidLastDigits;

impl MaskedAccountNumber {
    /// A number from its last four characters.
    pub fn from_last_four(last_four: &str) -> Result<Self, InvalidLastDigits> {
        let plain = last_four.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if plain && (1..=4).contains(&last_four.len()) {
            Ok(Self(last_four.to_owned()))
        } else {
            Err(InvalidLastDigits)
        }
    }

    /// A number from the whole of it: all but the last four characters is dropped.
    pub fn masking(whole: &str) -> Result<Self, InvalidLastDigits> {
        let dropped = whole.chars().count().saturating_sub(4);
        Self::from_last_four(&whole.chars().skip(dropped).collect::<String>())
    }

    /// The last characters.
    #[must_use]
    pub fn last_four(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MaskedAccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "****{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_is_four_asterisks() {
        let masked = MaskedAccountNumber::from_last_four("6789").expect("four digits");
        assert_eq!(masked.to_string(), "****6789");
        let masked = MaskedAccountNumber::masking("110000000").expect("digits");
        assert_eq!(masked.to_string(), "****0000");
        assert_eq!(MaskedAccountNumber::masking("12").expect("digits").last_four(), "12");
    }

    #[test]
    fn a_whole_number_is_refused() {
        for wrong in ["", "000123456789", "12 4", "６７８９"] {
            assert_eq!(MaskedAccountNumber::from_last_four(wrong), Err(InvalidLastDigits));
        }
        assert_eq!(MaskedAccountNumber::masking(""), Err(InvalidLastDigits));
    }
}
