//! What keys are called.

use std::fmt;

use thiserror::Error;

/// What an operator calls a key: at most 100 characters, none of them a control character; may be
/// empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyLabel(String);

/// A text that can't be a label: it is too long, or would garble a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be at most {} characters, none of them a control character", KeyLabel::LONGEST)]
pub struct InvalidKeyLabel;

impl KeyLabel {
    /// The longest label, in characters.
    pub const LONGEST: usize = 100;

    /// Parses a label.
    pub fn parse(label: &str) -> Result<Self, InvalidKeyLabel> {
        if label.chars().count() > Self::LONGEST || label.chars().any(char::is_control) {
            return Err(InvalidKeyLabel);
        }
        Ok(Self(label.to_owned()))
    }

    /// The label as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_that_would_garble_a_list_is_none() {
        for good in ["", "billing, 2027", &"é".repeat(100)] {
            assert_eq!(KeyLabel::parse(good).map(|label| label.to_string()), Ok(good.to_owned()));
        }
        for wrong in ["a\nb", "\u{85}", &"x".repeat(101)] {
            assert_eq!(KeyLabel::parse(wrong), Err(InvalidKeyLabel), "{wrong:?}");
        }
    }
}
