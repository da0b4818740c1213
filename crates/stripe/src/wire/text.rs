//! Texts of the vault's, and what of them is fit to be stored.

use std::borrow::Cow;
use std::fmt;

use cardlift_core::card_number::looks_like_a_card_number;
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A text of an answer, borrowed from it where nothing in it is escaped.
#[derive(Debug, Clone)]
pub(crate) struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Text<'_>> for String {
    fn from(text: Text<'_>) -> Self {
        text.0.into_owned()
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

/// serde's own, of a `Cow` in an `Option`, would never borrow.
impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(AnyText).map(Text)
    }
}

struct AnyText;

impl<'de> Visitor<'de> for AnyText {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// A text that is fit to be stored: a tidy one. One that looks like a card number is none: somebody
/// typed it where a name or a street belongs, and the card can be imported without.
pub(crate) fn clean(text: Option<Text<'_>>) -> Option<String> {
    let text = tidy(text)?;
    if looks_like_a_card_number(&text) {
        tracing::warn!("a text of the vault's looks like a card number: it is left out");
        return None;
    }
    Some(text)
}

/// A text without control characters (no database takes a NUL) and blanks around it.
pub(super) fn tidy(text: Option<Text<'_>>) -> Option<String> {
    let Text(mut text) = text?;
    if text.contains(char::is_control) {
        text = text.chars().filter(|c| !c.is_control()).collect::<String>().into();
    }
    let trimmed = text.trim();
    if trimmed.len() == text.len() {
        (!text.is_empty()).then(|| text.into_owned())
    } else {
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cleaned(text: &str) -> Option<String> {
        clean(Some(text.into()))
    }

    #[test]
    fn blanks_and_control_characters_are_no_text() {
        assert_eq!(cleaned(" 1 Main\0 St\n"), Some("1 Main St".into()));
        assert_eq!(cleaned("1 Main St"), Some("1 Main St".into()));
        assert_eq!(cleaned(" \t "), None);
        assert_eq!(cleaned(""), None);
        assert_eq!(clean(None), None);
    }

    #[test]
    fn a_card_number_is_no_text() {
        for text in ["4242 4242 4242 4242", " John 42424242\u{0}42424242 "] {
            assert_eq!(cleaned(text), None, "{text}");
        }
    }

    #[test]
    fn a_text_is_borrowed_unless_something_in_it_is_escaped() {
        let texts: Vec<Option<Text<'_>>> =
            serde_json::from_str(r#"["plain", "\u00e9", null]"#).expect("texts");
        let borrowed =
            |text: &Option<Text<'_>>| text.as_ref().map(|text| matches!(text.0, Cow::Borrowed(_)));
        assert_eq!(texts.iter().map(borrowed).collect::<Vec<_>>(), [Some(true), Some(false), None]);
    }

    proptest! {
        #[test]
        fn whatever_stays_can_be_stored(text in ".{0,60}") {
            if let Some(cleaned) = cleaned(&text) {
                prop_assert!(!cleaned.is_empty() && cleaned.trim() == cleaned);
                prop_assert!(!cleaned.chars().any(char::is_control));
                prop_assert!(!looks_like_a_card_number(&cleaned));
            }
        }
    }
}
