//! Card numbers among the members of a body.

use cardlift_core::card_number::looks_like_a_card_number;
use serde_json::{Number, Value};

use crate::card_numbers::{Place, name_to_tell};

/// A number below this has fewer digits than a card's.
const THIRTEEN_DIGITS: u64 = 1_000_000_000_000;

/// Where one is, if any is: in a name or value, or within that.
pub(super) fn place(members: &[(String, Value)]) -> Option<Place> {
    members.iter().find_map(|(name, value)| {
        if looks_like_a_card_number(name) {
            Some(Place::Body(None))
        } else {
            holds(value).then(|| Place::Body(name_to_tell(name)))
        }
    })
}

fn holds(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(number) => is_one(number),
        Value::String(text) => looks_like_a_card_number(text),
        Value::Array(items) => items.iter().any(holds),
        Value::Object(members) => {
            members.iter().any(|(name, value)| looks_like_a_card_number(name) || holds(value))
        }
    }
}

/// Whether a number is one, however it was written: `4.242424242424242e15`, or in hexadecimal. It is
/// taken for a text as it is written here.
fn is_one(number: &Number) -> bool {
    let whole = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
    let short = whole.is_some_and(|whole| whole < THIRTEEN_DIGITS);
    !short && looks_like_a_card_number(number.to_string())
}
