//! The id of a request: the caller's, or one of ours.

use std::cell::Cell;
use std::sync::Arc;

use actix_web::http::header::{HeaderMap, HeaderName};
use cardlift_core::card_number::looks_like_a_card_number;

/// The header that it comes and goes in.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request, in its extensions.
pub(crate) struct RequestId(pub(crate) Arc<str>);

/// The caller's id, where it is fit for a log: 1 to 64 letters, digits, `.`, `_`, `-`, and nothing
/// that looks like a card number.
pub(crate) fn of(headers: &HeaderMap) -> Arc<str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let given = headers.get(HEADER).and_then(|value| value.to_str().ok());
    let fit = given.filter(|id| (1..=64).contains(&id.len()) && id.chars().all(plain));
    let fit = fit.filter(|id| !looks_like_a_card_number(id));
    fit.map_or_else(new, Arc::from)
}

thread_local! {
    /// The next id of this thread, from a random one on: no two threads meet in 128 bits.
    static NEXT: Cell<u128> = Cell::new(random());
}

/// One that nothing else has. It is no secret.
fn new() -> Arc<str> {
    let id = NEXT.get();
    NEXT.set(id.wrapping_add(1));
    format!("{id:032x}").into()
}

fn random() -> u128 {
    let mut bytes = [0; 16];
    // Without randomness the id says nothing, and the request goes on.
    let _zeroes = getrandom::fill(&mut bytes);
    u128::from_ne_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn given(id: &str) -> Arc<str> {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, HeaderValue::from_str(id).expect("a value"));
        of(&headers)
    }

    #[test]
    fn a_caller_s_id_is_kept_where_it_is_fit_for_a_log() {
        assert_eq!(&*given("trace-1.a_B"), "trace-1.a_B");
        for unfit in ["", "a b", "a\tb", "é", &"x".repeat(65), "id-4242424242424242"] {
            assert_eq!(given(unfit).len(), 32, "{unfit}");
            assert_ne!(&*given(unfit), unfit);
        }
        assert_ne!(new(), new());
    }
}
