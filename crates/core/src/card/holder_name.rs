//! The name on a card.

use std::fmt;

/// The name on a card, whole, as the vault gives it; empty where it gives none.
///
/// Personal data: `Debug` shows nothing of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HolderName(String);

impl HolderName {
    /// A name; blanks around it are not part of it.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.trim().to_owned())
    }

    /// The whole name.
    #[must_use]
    pub fn full(&self) -> &str {
        &self.0
    }

    /// What stands before the first blank.
    #[must_use]
    pub fn first(&self) -> &str {
        self.split().0
    }

    /// What stands after the first blank; empty where there is none.
    #[must_use]
    pub fn last(&self) -> &str {
        self.split().1
    }

    fn split(&self) -> (&str, &str) {
        let parts = self.0.split_once(char::is_whitespace);
        parts.map_or((self.0.as_str(), ""), |(first, last)| (first, last.trim_start()))
    }
}

impl fmt::Debug for HolderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HolderName(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(full: &str, first: &str, last: &str) {
        let name = HolderName::new(full);
        assert_eq!((name.first(), name.last()), (first, last));
    }

    #[test]
    fn a_name_is_split_at_its_first_blank() {
        check("John Doe", "John", "Doe");
        check("Juan Carlos  de la Vega", "Juan", "Carlos  de la Vega");
        check("  Ana \u{a0}Silva ", "Ana", "Silva");
        check("Madonna", "Madonna", "");
        check("", "", "");
    }

    #[test]
    fn debug_hides_the_name() {
        assert_eq!(format!("{:?}", HolderName::new("John Doe")), "HolderName(..)");
    }
}
