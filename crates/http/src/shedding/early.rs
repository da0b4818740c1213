//! Requests that are refused before they are anything but bytes.

use actix_web::body::MessageBody as _;
use actix_web::http::header::{CONTENT_LENGTH, HeaderMap};

use super::{ConcurrencyLimit, WholeRequest, is_limited};
use crate::error::ApiError;
use crate::request_id;

/// Refuses as [`shed`](super::shed) does, but below HTTP, where it takes half as long: for whoever
/// has the bytes of a connection in its hands.
#[derive(Debug)]
pub struct EarlyRefusal {
    limit: ConcurrencyLimit,
    /// The answer up to the id of the request.
    head: Vec<u8>,
    /// The end of the head, and the body.
    rest: Vec<u8>,
}

impl EarlyRefusal {
    /// Refuses what is more than the limit, with these headers on each answer besides its own.
    #[must_use]
    pub fn new(limit: ConcurrencyLimit, always: &HeaderMap) -> Self {
        let (response, body) = ApiError::Overloaded.response().into_parts();
        let body = body.try_into_bytes().unwrap_or_default();
        let mut head =
            format!("HTTP/1.1 {}\r\n{CONTENT_LENGTH}: {}\r\n", response.status(), body.len())
                .into_bytes();
        for (name, value) in response.headers().iter().chain(always) {
            head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        head.extend(format!("{}: ", request_id::HEADER).bytes());
        Self { limit, head, rest: [b"\r\n\r\n", &*body].concat() }
    }

    /// Whether there is no place now, so that requests would be refused.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.limit.is_full()
    }

    /// The answer to this request, as it goes over the wire; none where it is not to be refused.
    #[must_use]
    pub fn refuse(&self, request: &WholeRequest<'_>) -> Option<Vec<u8>> {
        if !self.is_full() || !is_limited(request.path) {
            return None;
        }
        self.limit.refused();
        let id = request_id::kept_or_new(request.id);
        Some([&*self.head, id.as_bytes(), &*self.rest].concat())
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{CACHE_CONTROL, HeaderValue};

    use super::*;

    #[test]
    fn only_what_is_limited_is_refused_and_only_while_there_is_no_place() {
        let limit = ConcurrencyLimit::new(1);
        let mut always = HeaderMap::new();
        always.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let refusal = EarlyRefusal::new(limit.clone(), &always);
        let limited = WholeRequest { path: "/v1/countries", id: Some("mine") };
        assert_eq!(refusal.refuse(&limited), None);
        let permit = limit.admit().expect("a place");
        assert_eq!(refusal.refuse(&WholeRequest { path: "/healthz", id: None }), None);
        let answer = refusal.refuse(&limited).expect("a refusal");
        let answer = String::from_utf8(answer).expect("text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let mut lines: Vec<_> = head.split("\r\n").collect();
        lines.sort_unstable();
        let expected = [
            "HTTP/1.1 503 Service Unavailable",
            "cache-control: no-store",
            &format!("content-length: {}", body.len()),
            "content-type: application/json",
            "retry-after: 1",
            "x-request-id: mine",
        ];
        assert_eq!(lines, expected);
        assert_eq!(body.as_bytes(), ApiError::Overloaded.reply().body);
        drop(permit);
        assert_eq!(refusal.refuse(&limited), None);
    }
}
