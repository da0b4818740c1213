//! What comes before the body of a request.

use actix_web::dev::RequestHead;
use actix_web::http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use base64::{DecodeSliceError, Engine as _};
use cardlift_core::card_number::looks_like_a_card_number;
use url::form_urlencoded;

use super::{Place, name_to_tell};
use crate::authorization::BASE64;

/// Headers in which proxies and tracing tools number each request that they pass on: with 64 bits in
/// decimal, with a time in milliseconds, or in hexadecimal. By chance one in ten of the first looks
/// like a card number. Nothing reads, keeps or logs them.
const OF_OTHERS: [&str; 15] = [
    "b3",
    "cf-ray",
    "sentry-trace",
    "traceparent",
    "tracestate",
    "uber-trace-id",
    "x-amzn-trace-id",
    "x-b3-parentspanid",
    "x-b3-spanid",
    "x-b3-traceid",
    "x-cloud-trace-context",
    "x-datadog-parent-id",
    "x-datadog-trace-id",
    "x-queue-start",
    "x-request-start",
];

/// Room for the credentials of any key of ours.
const CREDENTIALS: usize = 192;

/// Where something looks like a card number, if anything does.
pub(crate) fn place(head: &RequestHead) -> Option<Place> {
    if looks_like_a_card_number(head.method.as_str()) {
        return Some(Place::Method);
    }
    if encoded(head.uri.path()) {
        return Some(Place::Path);
    }
    if let Some(query) = head.uri.query().filter(|query| encoded(query)) {
        return Some(Place::Query(parameter(query)));
    }
    if head.uri.authority().is_some_and(|authority| encoded(authority.as_str())) {
        return Some(Place::Path);
    }
    head.headers().iter().find_map(|(name, value)| header(name, value))
}

fn header(name: &HeaderName, value: &HeaderValue) -> Option<Place> {
    if looks_like_a_card_number(name.as_str()) {
        return Some(Place::Header(None));
    }
    let found = encoded(value.as_bytes()) || *name == AUTHORIZATION && credentials(value);
    (found && !OF_OTHERS.contains(&name.as_str())).then(|| Place::Header(Some(name.clone())))
}

/// Whether there is one in a text, or in what it says once it is decoded: it may be a part of a URL,
/// or hold one.
fn encoded(text: impl AsRef<[u8]>) -> bool {
    let text = text.as_ref();
    let escaped = || text.contains(&b'%') || text.contains(&b'+');
    looks_like_a_card_number(text)
        || escaped()
            && form_urlencoded::parse(text).any(|(name, value)| {
                looks_like_a_card_number(name.as_bytes())
                    || looks_like_a_card_number(value.as_bytes())
            })
}

/// The name of the parameter whose value it is.
fn parameter(query: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let (name, _) = pairs.find(|(_, value)| looks_like_a_card_number(value.as_bytes()))?;
    name_to_tell(&name)
}

/// Whether there is one in decoded credentials, or in what they hold in base64 again.
fn credentials(header: &HeaderValue) -> bool {
    let mut words = header.as_bytes().split(u8::is_ascii_whitespace);
    words.any(|word| {
        decoded(word, |credentials| {
            let mut parts = credentials.split(|byte| *byte == b':');
            looks_like_a_card_number(credentials)
                || parts.any(|part| decoded(part, |inner| looks_like_a_card_number(inner)))
        })
    })
}

/// Whether this holds of a text in base64.
fn decoded(text: &[u8], holds: impl Fn(&[u8]) -> bool) -> bool {
    let mut short = [0; CREDENTIALS];
    match BASE64.decode_slice(text, &mut short) {
        Ok(length) => short.get(..length).is_some_and(holds),
        Err(DecodeSliceError::OutputSliceTooSmall) => {
            BASE64.decode(text).is_ok_and(|long| holds(&long))
        }
        Err(DecodeSliceError::DecodeError(_)) => false,
    }
}
