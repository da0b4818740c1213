//! The id of a request: the caller's, or one of ours.

use std::cell::Cell;
use std::sync::Arc;

use actix_web::http::header::{HeaderMap, HeaderName};
use cardlift_core::card_number::looks_like_a_card_number;

/// The header that it comes and goes in.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request, in its extensions.
pub(crate) struct RequestId(pub(crate) Arc<str>);

/// How keys of Stripe's begin, and secrets that it signs with.
const OF_STRIPE: [&str; 4] = ["sk_", "rk_", "pk_", "whsec_"];

/// How keys of ours begin: with `0:` and a letter or digit, in base64.
const OF_OURS: [&str; 2] = ["MDo", "MDp"];

/// From how many letters and digits on an id is taken for a secret: the one in a key of ours has 64.
const LONG: usize = 40;

/// The id of the request with these headers.
pub(crate) fn of(headers: &HeaderMap) -> Arc<str> {
    kept_or_new(headers.get(HEADER).and_then(|value| value.to_str().ok()))
}

/// The caller's id, where it is fit for a log: 1 to 64 letters, digits, `.`, `_`, `-`, and nothing
/// that looks like a card number or a secret.
pub(crate) fn kept_or_new(given: Option<&str>) -> Arc<str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let fit = given.filter(|id| (1..=64).contains(&id.len()) && id.chars().all(plain));
    let fit = fit.filter(|id| !looks_like_a_card_number(id) && !looks_like_a_secret(id));
    fit.map_or_else(new, Arc::from)
}

/// Whether it looks like a key that somebody has put into the wrong header: by how it begins, or since it is
/// long and not hexadecimal, as long ids of traces are.
fn looks_like_a_secret(id: &str) -> bool {
    let begins =
        |start: &str| id.get(..start.len()).is_some_and(|there| there.eq_ignore_ascii_case(start));
    let of_stripe = OF_STRIPE.into_iter().any(begins);
    let of_ours = OF_OURS.into_iter().any(|start| id.starts_with(start));
    let all = |is: fn(&u8) -> bool| id.as_bytes().iter().all(is);
    let opaque = id.len() >= LONG && all(u8::is_ascii_alphanumeric) && !all(u8::is_ascii_hexdigit);
    of_stripe || of_ours || opaque
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
    use base64::Engine as _;

    use super::*;
    use crate::authorization::BASE64;

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

    #[track_caller]
    fn check(id: &str, is_kept: bool) {
        assert_eq!(&*given(id) == id, is_kept, "{id}");
    }

    #[test]
    fn a_key_in_the_wrong_header_is_no_id() {
        for key in ["sk_live_1", "rk_test_1", "pk_live_1", "whsec_1", "SK_LIVE_1", "Whsec_1"] {
            check(key, false);
        }
        // What keys of ours begin with: the whole of one is longer than any id.
        for secret in ['A', 'z', '0'] {
            let issued = BASE64.encode(format!("0:{secret}BC"));
            check(issued.trim_end_matches('='), false);
        }
        // The secret in one, and the shortest that is taken for one.
        check("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ab", false);
        check(&"g".repeat(LONG), false);
        check(&"g".repeat(LONG - 1), true);
    }

    #[test]
    fn ids_as_tracing_tools_make_them_are_kept() {
        for id in [
            "0af7651916cd43dd8448eb211c80319c",
            "0AF7651916CD43DD8448EB211C80319C",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "3f1c2d4e-5a6b-4c7d-8e9f-0a1b2c3d4e5f",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "req_AExsNjBZDLMNDK",
            "task_sk_1",
            "mdp1",
        ] {
            check(id, true);
        }
        check(&"af09".repeat(16), true);
    }
}
