//! Card numbers, which must never get in: what looks like one, wherever it comes from.
//!
//! That is a run of 13 to 19 digits that passes the Luhn check (ISO/IEC 7812-1), by itself or in
//! groups as people write it, `4242 4242 4242 4242`. Whatever it counts, one number of so many digits
//! in ten passes. What is taken for one and what is not, and why, is in `docs/adr/0020-card-numbers.md`.

mod digits;
mod groups;
mod id;
mod luhn;

use std::ops::Range;

/// How many digits the shortest has. It has no fewer bytes.
const SHORTEST: usize = 13;

/// How many digits a telephone number has at most, with the code of its country (E.164).
const LONGEST_TELEPHONE_NUMBER: u8 = 15;

/// What to do instead of sending one, for whoever is refused.
pub const INSTEAD: &str = "Cardlift takes Stripe's ids, never the number of a card: nothing of it was \
                           kept. If it is no card's, put a letter or a dot among its digits, so that \
                           fewer than 13 stand together";

/// Whether something in a text looks like a card number. The text need not be UTF-8.
///
/// Where there is nothing it looks at about each thirteenth byte.
#[must_use]
pub fn looks_like_a_card_number(text: impl AsRef<[u8]>) -> bool {
    let text = text.as_ref();
    let mut rest = text;
    while let Some(next) = rest.first_chunk::<SHORTEST>() {
        // One that is not in these bytes begins after the last that is of none.
        if let Some(other) = next.iter().rposition(|byte| !digits::may_be_of_a_number(*byte)) {
            rest = rest.get(other + 1..).unwrap_or_default();
            continue;
        }
        let length = rest.iter().position(|byte| !digits::may_be_of_a_number(*byte));
        let (stretch, after) = rest.split_at(length.unwrap_or(rest.len()));
        let before = text.len() - rest.len();
        let is_one = |place: Range<usize>, count| {
            is_of_a_card(text, &(before + place.start..before + place.end), count)
        };
        if groups::any(stretch, is_one) {
            return true;
        }
        rest = after;
    }
    false
}

/// Whether so many digits of a text, which pass the check, are of nothing else that is known by what
/// is around it.
fn is_of_a_card(text: &[u8], place: &Range<usize>, count: u8) -> bool {
    let before = place.start.checked_sub(1).and_then(|before| text.get(before));
    let telephone = before == Some(&b'+') && count <= LONGEST_TELEPHONE_NUMBER;
    !telephone && !id::holds(text, place)
}

#[cfg(test)]
mod tests;
