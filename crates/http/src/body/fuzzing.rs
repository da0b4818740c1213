//! What must hold of any body.

use std::convert::Infallible;

use bytes::Bytes;
use cardlift_core::account::{AccountId, RateLimits};
use cardlift_core::api_key::{ApiKeyId, Scopes};
use cardlift_core::card_number::looks_like_a_card_number;
use cardlift_core::payment_method::DefaultChoice;
use cardlift_core::use_cases::{ImportFrom, Principal};
use futures_util::{FutureExt as _, stream};
use serde_json::{Number, Value};

use super::lenient::MOST_BRACKETS;
use super::read::{LONGEST, collect};
use super::{BodyError, Members};
use crate::error::ApiError;
use crate::{customers, import};

/// The longest problem that is told. Of the body it has the name of a member at most.
const LONGEST_PROBLEM: usize = 200;

/// Reads a body, and what it asks for.
///
/// # Panics
/// Where something does not hold that must.
pub fn body(input: &[u8]) {
    arrives_whole_or_not_at_all(input);
    match Members::parse(input) {
        Ok(members) => {
            assert!(brackets(input) <= MOST_BRACKETS, "nesting is bounded");
            reads_again(&members);
            asks_for_what_can_be(&members);
        }
        Err(error) => tells_nothing_of_it(&error.to_string()),
    }
}

fn brackets(text: &[u8]) -> usize {
    text.iter().filter(|byte| matches!(byte, b'{' | b'[')).count()
}

fn arrives_whole_or_not_at_all(body: &[u8]) {
    let pieces = 1 + body.len() / 3;
    match arrived(body, pieces) {
        Ok(arrived) => assert!(arrived == body && body.len() <= LONGEST, "as it was sent"),
        Err(error) => assert!(matches!(error, BodyError::TooLong) && body.len() > LONGEST),
    }
    let mut longer = body.to_vec();
    longer.resize(body.len().max(LONGEST + 1), b' ');
    assert!(matches!(arrived(&longer, LONGEST), Err(BodyError::TooLong)), "beyond the limit");
}

/// What arrives of a body that comes in pieces of this size.
fn arrived(body: &[u8], size: usize) -> Result<Bytes, BodyError> {
    let pieces = body.chunks(size).map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece)));
    // All of them are there: nothing is waited for.
    collect(stream::iter(pieces)).now_or_never().unwrap_or(Err(BodyError::TooSlow))
}

/// What was read, written as plain JSON, is read as the same. It may be refused where escapes of the
/// body are brackets, or stand beside digits, once they are written out, and where a fraction is read
/// as its neighbour.
fn reads_again(members: &Members) {
    let member =
        |(name, value): &(String, Value)| format!("{}:{value}", Value::from(name.as_str()));
    let written = members.0.iter().map(member).collect::<Vec<_>>().join(",");
    let written = format!("{{{written}}}");
    match Members::parse(written.as_bytes()) {
        Ok(again) => {
            let same = |(one, other): (&(String, Value), &(String, Value))| {
                one.0 == other.0 && alike(&one.1, &other.1)
            };
            let all = members.0.len() == again.0.len();
            assert!(all && members.0.iter().zip(&again.0).all(same), "another body: {written}");
        }
        Err(BodyError::TooDeep) => assert!(brackets(written.as_bytes()) > MOST_BRACKETS),
        Err(BodyError::CardNumber(_)) => {
            let fractions = members.0.iter().any(|(_, value)| holds_fraction(value));
            assert!(fractions || written.contains('\\'), "it was let in before: {written}");
        }
        Err(error) => unreachable!("what was written can't be read: {error}"),
    }
}

fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || near(one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| alike(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let same = |(name, value)| other.get(name).is_some_and(|other| alike(value, other));
            one.len() == other.len() && one.iter().all(same)
        }
        _ => one == other,
    }
}

fn holds_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(holds_fraction),
        Value::Object(members) => members.values().any(holds_fraction),
        _ => false,
    }
}

/// The fast way to read a fraction may be off in its last bits.
fn near(one: &Number, other: &Number) -> bool {
    let both = one.as_f64().zip(other.as_f64()).filter(|_| one.is_f64() && other.is_f64());
    let bound = |one: f64| one.abs() * 4.0 * f64::EPSILON + f64::MIN_POSITIVE;
    both.is_some_and(|(one, other)| (one - other).abs() <= bound(one))
}

fn asks_for_what_can_be(members: &Members) {
    let Ok(key) = ApiKeyId::try_from(1) else { return };
    let caller = Principal {
        account: AccountId::DEFAULT,
        key,
        scopes: Scopes::default(),
        limits: RateLimits::default(),
        default_choice: DefaultChoice::LeaveAsIs,
    };
    match import::asked(members, &caller, ImportFrom::OwnAccount) {
        Ok(import) => {
            for id in [import.external_customer.as_str(), import.external_card.as_str()] {
                let safe = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
                assert!(id.bytes().all(safe), "it goes into a URL");
                assert!(!looks_like_a_card_number(id), "it is kept");
            }
        }
        Err(error) => tells_no_field(&error),
    }
    if let Err(error) = customers::fuzzing::profiles(members) {
        tells_no_field(&error);
    }
}

/// What is wrong with fields, without what they hold.
fn tells_no_field(error: &ApiError) {
    let ApiError::Fields(problems) = error else { unreachable!("no other error: {error}") };
    for problem in problems {
        tells_nothing_of_it(&problem.to_string());
    }
}

fn tells_nothing_of_it(told: &str) {
    assert!(told.len() <= LONGEST_PROBLEM && told.is_ascii(), "too much: {told}");
    assert!(!looks_like_a_card_number(told), "a card number");
}
