//! A line of NDJSON.

use std::borrow::Cow;
use std::fmt;

use cardlift_core::job::RowTarget;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::row::{CUSTOMER, EXTERNAL_CARD, EXTERNAL_CUSTOMER, RowProblem, target};

pub(crate) fn parse(line: &str) -> Result<RowTarget, RowProblem> {
    let Object { ids, twice } = serde_json::from_str(line).map_err(|_| RowProblem::NotAnObject)?;
    if let Some(name) = twice {
        return Err(RowProblem::Twice(name));
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
        let mut object = Object { ids: [None, None, None], twice: None };
        while let Some(name) = members.next_key::<Cow<'de, str>>()? {
            let place = NAMES.into_iter().zip(&mut object.ids);
            match place.into_iter().find(|(each, _)| each.eq_ignore_ascii_case(&name)) {
                Some((name, id)) => {
                    if id.replace(members.next_value()?).is_some() {
                        object.twice = Some(name);
                    }
                }
                None => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(object)
    }
}
