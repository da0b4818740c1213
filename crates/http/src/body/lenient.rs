//! JSON as the documented examples write it: keys without quotes, single quotes, letter cases.

use std::fmt;

use cardlift_core::card_number::looks_like_a_card_number;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::{BodyError, card_number};
use crate::card_numbers::Place;

/// How many objects and lists a body may open. It bounds the depth of nesting as well, whatever
/// brackets stand in texts and comments, and so the stack that reading it takes.
pub(super) const MOST_BRACKETS: usize = 64;

/// The members of an object, in order; a name may stand twice.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Members(pub(super) Vec<(String, Value)>);

impl Members {
    /// Reads a body: JSON, or else JSON5, in which the documented examples are valid. One that holds
    /// a card number is refused, as it came or as it was read: texts may be escaped, and numbers
    /// be written in many ways.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, BodyError> {
        let read = Self::read(body);
        let place = match read.as_ref().ok().and_then(|members| card_number::place(&members.0)) {
            None if looks_like_a_card_number(body) => Some(Place::Body(None)),
            place => place,
        };
        place.map_or(read, |place| Err(BodyError::CardNumber(place)))
    }

    fn read(body: &[u8]) -> Result<Self, BodyError> {
        let text = std::str::from_utf8(body).map_err(|_| BodyError::NotUtf8)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.bytes().filter(|byte| matches!(byte, b'{' | b'[')).count() > MOST_BRACKETS {
            return Err(BodyError::TooDeep);
        }
        match serde_json::from_str(text) {
            Ok(members) => Ok(members),
            Err(error) if error.is_data() => Err(BodyError::NotAnObject),
            Err(_) => json5::from_str(text).map_err(|error| at(&error)),
        }
    }

    /// The same, but that a body of blanks has no members.
    pub(crate) fn parse_or_blank(body: &[u8]) -> Result<Self, BodyError> {
        if body.iter().all(u8::is_ascii_whitespace) {
            Ok(Self::default())
        } else {
            Self::parse(body)
        }
    }

    /// The members of a query: each value is a text.
    pub(crate) fn of_query(query: &str) -> Self {
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect())
    }

    /// An id of a path, by its name there.
    pub(crate) fn of_path(name: &str, id: &str) -> Self {
        Self(vec![(name.to_owned(), id.into())])
    }

    /// Whether each of them has one of these names, in any letter case.
    pub(crate) fn are_all_of(&self, names: &[&str]) -> bool {
        let known = |given: &str| names.iter().any(|name| given.eq_ignore_ascii_case(name));
        self.0.iter().all(|(given, _)| known(given))
    }

    /// Whether anything is given under a name.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.named(name).next().is_some()
    }

    /// What is given under a name, in any letter case of it, each time that it is.
    pub(crate) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Value> {
        let named = move |(given, _): &&(String, Value)| given.eq_ignore_ascii_case(name);
        self.0.iter().filter(named).map(|(_, value)| value)
    }
}

/// Where reading stopped; the end of a body has no place of its own.
fn at(error: &json5::Error) -> BodyError {
    match (error.code(), error.position()) {
        (None | Some(json5::ErrorCode::ExpectedOpeningBrace), _) => BodyError::NotAnObject,
        (_, Some(place)) => BodyError::Syntax { line: place.line + 1, column: place.column + 1 },
        (_, None) => BodyError::Unfinished,
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Pairs)
    }
}

/// Keeps every pair: a map would drop all but the last of one name, and in silence.
struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(body: &str) {
        let members = Members::parse(body.as_bytes()).expect("an object");
        let expected =
            [("customerId".to_owned(), json!(1)), ("stripeCustomerId".to_owned(), json!("cus_1"))];
        assert_eq!(members.0, expected, "{body}");
    }

    #[test]
    fn the_documented_spellings_read_alike() {
        check(r#"{"customerId":1,"stripeCustomerId":"cus_1"}"#);
        check(r#"{customerId:1,stripeCustomerId:"cus_1"}"#);
        check("{'customerId':1,'stripeCustomerId':'cus_1'}");
        check("\u{feff}{customerId: 1, stripeCustomerId: 'cus_1',} // as in an example");
    }

    #[test]
    fn a_large_number_keeps_every_digit() {
        for body in [r#"{"id":9007199254740993}"#, "{id:9007199254740993}"] {
            let members = Members::parse(body.as_bytes()).expect("an object");
            assert_eq!(members.named("id").next(), Some(&json!(9_007_199_254_740_993_i64)));
        }
    }

    #[test]
    fn a_name_given_twice_is_seen_twice() {
        for body in [r#"{"id":1,"ID":2}"#, "{id:1,ID:2}", "{id:1,id:2}"] {
            let members = Members::parse(body.as_bytes()).expect("an object");
            assert_eq!(members.named("Id").count(), 2, "{body}");
        }
    }

    #[test]
    fn what_is_no_object_is_told_so() {
        for body in ["[]", "1", "'text'", "null", r#""text""#] {
            let error = Members::parse(body.as_bytes()).expect_err("no object");
            assert!(matches!(error, BodyError::NotAnObject), "{body}: {error:?}");
        }
    }

    #[test]
    fn what_can_t_be_read_is_told_where() {
        let error = Members::parse(b"{customerId:1,\n  stripe-id:2}").expect_err("not JSON");
        assert!(matches!(error, BodyError::Syntax { line: 2, .. }), "{error:?}");
        for unfinished in ["", " ", "\u{feff}"] {
            let error = Members::parse(unfinished.as_bytes()).expect_err("not JSON");
            assert!(matches!(error, BodyError::Unfinished), "{unfinished}: {error:?}");
        }
        assert!(matches!(Members::parse(b"{\"a\":\xff}"), Err(BodyError::NotUtf8)));
    }

    #[test]
    fn deep_nesting_is_not_even_tried() {
        let deep = format!("{{a:{}1", "[".repeat(8_000));
        assert!(matches!(Members::parse(deep.as_bytes()), Err(BodyError::TooDeep)));
        let hidden = format!("{{a:{}1", "['],]',".repeat(2_000));
        assert!(matches!(Members::parse(hidden.as_bytes()), Err(BodyError::TooDeep)));
        let within = format!("{{a:{}{}}}", "[".repeat(63), "]".repeat(63));
        assert!(Members::parse(within.as_bytes()).is_ok());
    }

    proptest! {
        #[test]
        fn no_body_at_all_makes_a_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _any = Members::parse(&body);
        }

        #[test]
        fn no_text_near_json_makes_a_panic(body in "[\\[\\]{}:,'\"a-z0-9_ \\\\/*+.-]{0,80}") {
            let _any = Members::parse(body.as_bytes());
        }
    }
}
