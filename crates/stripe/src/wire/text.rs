//! Texts of the vault's, fit to be stored.

use cardlift_core::card::Address;

/// A text without control characters (no database takes a NUL) and blanks around it.
pub(super) fn clean(text: Option<String>) -> Option<String> {
    let text: String = text?.chars().filter(|c| !c.is_control()).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// An address of such texts.
pub(super) fn clean_address(address: Address) -> Address {
    let Address { line1, line2, city, state, postal_code, country } = address;
    Address {
        line1: clean(line1),
        line2: clean(line2),
        city: clean(city),
        state: clean(state),
        postal_code: clean(postal_code),
        country: clean(country),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blanks_and_control_characters_are_no_text() {
        let cleaned = |text: &str| clean(Some(text.to_owned()));
        assert_eq!(cleaned(" 1 Main\0 St\n"), Some("1 Main St".into()));
        assert_eq!(cleaned(" \t "), None);
        assert_eq!(clean(None), None);
    }

    proptest! {
        #[test]
        fn whatever_stays_can_be_stored(text in ".{0,60}") {
            if let Some(cleaned) = clean(Some(text)) {
                prop_assert!(!cleaned.is_empty() && cleaned.trim() == cleaned);
                prop_assert!(!cleaned.chars().any(char::is_control));
            }
        }
    }
}
