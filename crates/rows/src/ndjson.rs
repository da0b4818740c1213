//! A line of NDJSON.

use std::borrow::Cow;
use std::fmt;

use cardlift_core::job::RowTarget;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::alike::is_alike;
use crate::row::{CUSTOMER, EXTERNAL_CARD, EXTERNAL_CUSTOMER, RowProblem, target};

pub(crate) fn parse(line: &str) -> Result<RowTarget, RowProblem> {
    let Object { ids, twice, alike } =
        serde_json::from_str(line).map_err(|_| RowProblem::NotAnObject)?;
    if let Some(name) = twice {
        return Err(RowProblem::Twice(name));
    }
    let [.., external_card] = &ids;
    if alike && external_card.is_none() {
        return Err(RowProblem::Alike(EXTERNAL_CARD));
    }
    let [customer, external_customer, external_card] = ids.map(|id| match id {
        None | Some(Id::None) => Cow::Borrowed(""),
        Some(Id::Number(number)) => number.to_string().into(),
        Some(Id::Text(text)) => text,
    });
    target(&customer, &external_customer, &external_card)
}

const NAMES: [&str; 3] = [CUSTOMER, EXTERNAL_CUSTOMER, EXTERNAL_CARD];

/// The members that are looked at, by their place in `NAMES`.
struct Object<'a> {
    ids: [Option<Id<'a>>; 3],
    twice: Option<&'static str>,
    /// Whether another is called nearly as that of the card.
    alike: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id<'a> {
    None,
    Number(i64),
    #[serde(borrow)]
    Text(Cow<'a, str>),
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut object = Object { ids: [None, None, None], twice: None, alike: false };
        while let Some(name) = members.next_key::<Cow<'de, str>>()? {
            let place = NAMES.into_iter().zip(&mut object.ids);
            let found = place.into_iter().find(|(each, _)| each.eq_ignore_ascii_case(&name));
            if let Some((name, id)) = found {
                if id.replace(members.next_value()?).is_some() {
                    object.twice = Some(name);
                }
            } else {
                object.alike |= is_alike(&name, EXTERNAL_CARD);
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(object)
    }
}
