//! What every answer says to browsers.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// An answer is what it says it is, is kept by nobody, and is nothing to show, run or frame.
static ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
];

/// For a year this is not to be asked for in the clear.
static TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Whether a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    Plain,
    Tls,
}

/// Says it, where the answer does not say otherwise by itself.
pub(super) fn protect(headers: &mut HeaderMap, transport: Transport) {
    for (name, value) in &ALWAYS {
        if !headers.contains_key(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
    if transport == Transport::Tls {
        headers.insert(STRICT_TRANSPORT_SECURITY, TLS_ONLY.clone());
    }
}

/// What an answer says that says nothing by itself.
pub(super) fn always(transport: Transport) -> HeaderMap {
    let mut headers = HeaderMap::new();
    protect(&mut headers, transport);
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn protected(transport: Transport) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        protect(&mut headers, transport);
        headers
    }

    #[test]
    fn what_an_answer_says_by_itself_stays() {
        let headers = protected(Transport::Plain);
        assert_eq!(headers.get(CACHE_CONTROL).expect("told"), "no-cache");
        assert_eq!(headers.get(X_FRAME_OPTIONS).expect("told"), "DENY");
    }

    #[test]
    fn only_over_tls_is_it_to_stay_at_tls() {
        assert!(!protected(Transport::Plain).contains_key(STRICT_TRANSPORT_SECURITY));
        assert!(protected(Transport::Tls).contains_key(STRICT_TRANSPORT_SECURITY));
        assert_eq!(always(Transport::Plain).len(), ALWAYS.len());
        assert!(always(Transport::Tls).contains_key(STRICT_TRANSPORT_SECURITY));
    }
}
