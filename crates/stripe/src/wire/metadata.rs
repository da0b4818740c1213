//! What an account keeps with an object.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::text::{Text, tidy};

/// Texts by their names, to compare with ours. Those that are empty once they are tidy are left out.
#[derive(Debug, Default)]
pub(crate) struct Metadata(pub(crate) Vec<(String, String)>);

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Metadata;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("texts by their names")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::with_capacity(map.size_hint().unwrap_or_default());
        while let Some((name, value)) = map.next_entry::<Text<'_>, Text<'_>>()? {
            if let (Some(name), Some(value)) = (tidy(Some(name)), tidy(Some(value))) {
                entries.push((name, value));
            }
        }
        Ok(Metadata(entries))
    }
}
