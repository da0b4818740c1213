//! What must hold of any Authorization header.

use actix_web::dev::RequestHead;
use actix_web::http::header::{AUTHORIZATION, HeaderValue};
use base64::Engine as _;
use cardlift_core::api_key::ApiKeySecret;
use cardlift_core::card_number::looks_like_a_card_number;

use super::{BASE64, parse, secret};
use crate::card_numbers;
use crate::error::ApiError;

/// How credentials begin that were issued, in base64, whatever the last two bits are of.
const NESTED: [&str; 4] = ["MDo", "MDp", "MDq", "MDr"];

/// Takes the input for a header, and then for a secret that is shown in one.
///
/// # Panics
/// Where something does not hold that must.
pub fn authorization(input: &[u8]) {
    if let Ok(header) = HeaderValue::from_bytes(input) {
        match secret(&header) {
            Ok(secret) => is_the_same_however_it_is_spelled(&header, &secret),
            Err(error) => assert!(matches!(error, ApiError::KeyFormat), "{error}"),
        }
    }
    if let Ok(text) = std::str::from_utf8(input) {
        each_form_holds(text);
    }
}

/// The letter case of the scheme, blanks and padding make no other key.
fn is_the_same_however_it_is_spelled(header: &HeaderValue, secret: &ApiKeySecret) {
    let shown = format!("{secret:?}");
    assert_eq!(shown, format!("{:?}", ApiKeySecret::shown("another")), "it tells nothing of it");
    let text = header.to_str().unwrap_or_default().trim();
    let (_, key) = text.split_once(char::is_whitespace).unwrap_or_default();
    let spelled = format!("\tBASIC \t {} ", key.trim().trim_end_matches('='));
    let digest = parse(&spelled).map(|secret| secret.digest());
    assert_eq!(digest, Some(secret.digest()), "{spelled}");
}

/// Each form in which clients send a key holds it, and a card number that is sent so is seen.
fn each_form_holds(text: &str) {
    if text == "0" || text.contains(':') || NESTED.iter().any(|nested| text.starts_with(nested)) {
        return;
    }
    let issued = BASE64.encode(format!("0:{text}"));
    let forms =
        [format!("0:{text}"), format!("{text}:"), format!("0:{issued}"), format!("{issued}:")];
    for form in forms {
        let header = format!("Basic {}", BASE64.encode(form));
        let digest = parse(&header).map(|secret| secret.digest());
        assert_eq!(digest, Some(ApiKeySecret::shown(text).digest()), "{header}");
        if looks_like_a_card_number(text) {
            assert!(is_refused(&header), "a card number: {header}");
        }
    }
}

fn is_refused(header: &str) -> bool {
    let mut head = RequestHead::default();
    let value = HeaderValue::try_from(header);
    value.is_ok_and(|value| {
        head.headers_mut().insert(AUTHORIZATION, value);
        card_numbers::place_in_head(&head).is_some()
    })
}
