//! Ids in hexadecimal, in which digits may stand together by chance.

use std::ops::Range;

/// How many digits one without dashes has at least. Beside the digits of a card number that leaves
/// room for five letters, all of them of the first six, as no word before one has.
const SHORTEST: usize = 24;

/// How many digits the parts of a UUID have (RFC 9562).
const UUID: [usize; 5] = [8, 4, 4, 4, 12];

/// How long a UUID is.
const UUID_LENGTH: usize = 36;

/// How far around a place an id is looked for.
const AROUND: usize = 64;

/// Whether what is at a place of a text is within such an id. An id has letters as well.
pub(super) fn holds(text: &[u8], place: &Range<usize>) -> bool {
    let of_word = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'-';
    let before = text.get(..place.start).unwrap_or_default();
    let before = before.iter().rev().take(AROUND).take_while(of_word).count();
    let after = text.get(place.end..).unwrap_or_default();
    let after = after.iter().take(AROUND).take_while(of_word).count();
    let word = text.get(place.start - before..place.end + after).unwrap_or_default();
    let place = before..before + place.len();
    parts(word).any(|part| {
        let long = part.len() >= SHORTEST && covers(&part, &place);
        let uuid = part.start..part.start + UUID_LENGTH;
        long && word.get(part).is_some_and(is_hexadecimal)
            || covers(&uuid, &place) && word.get(uuid).is_some_and(is_uuid)
    })
}

/// Where the parts of a word are, which have dashes between them.
fn parts(word: &[u8]) -> impl Iterator<Item = Range<usize>> {
    word.split(|byte| *byte == b'-').scan(0, |begun, part| {
        let start = *begun;
        *begun += part.len() + 1;
        Some(start..start + part.len())
    })
}

const fn covers(part: &Range<usize>, place: &Range<usize>) -> bool {
    part.start <= place.start && place.end <= part.end
}

fn is_hexadecimal(part: &[u8]) -> bool {
    part.iter().all(u8::is_ascii_hexdigit) && part.iter().any(u8::is_ascii_alphabetic)
}

fn is_uuid(word: &[u8]) -> bool {
    let parts = || word.split(|byte| *byte == b'-');
    parts().map(<[u8]>::len).eq(UUID)
        && parts().flatten().all(u8::is_ascii_hexdigit)
        && word.iter().any(u8::is_ascii_alphabetic)
}
