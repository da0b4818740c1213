//! Texts in a line of NDJSON that are written with escapes, `\u0034` for `4`.

use std::fmt;

use cardlift_core::card_number::looks_like_a_card_number;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Whether a name or text of a line looks like a card number once its escapes are read. A line that
/// can't be read has none: nothing of it goes any further.
pub(crate) fn holds_card_number(line: &str) -> bool {
    line.contains('\\') && serde_json::from_str(line).is_ok_and(|Found(found)| found)
}

/// Whether there was one in a value, or within it.
struct Found(bool);

impl<'de> Deserialize<'de> for Found {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Found)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        Ok(looks_like_a_card_number(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<bool, A::Error> {
        let mut found = false;
        while let Some((Found(name), Found(value))) = members.next_entry()? {
            found |= name || value;
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<bool, A::Error> {
        let mut found = false;
        while let Some(Found(item)) = items.next_element()? {
            found |= item;
        }
        Ok(found)
    }

    // Numbers have no escapes.

    fn visit_bool<E: Error>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }
}
