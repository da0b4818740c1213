//! One whole request in the bytes of one read.

use std::str::from_utf8;

use actix_web::http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, TRANSFER_ENCODING, UPGRADE};
use httparse::{EMPTY_HEADER, Header, Status};

use super::LONGEST_PASSED_OVER;
use crate::request_id;

/// More headers are nothing to look at here.
const HEADERS: usize = 32;

/// A request that came at once: all of its head, all of its body, and nothing after it.
///
/// Whoever would have to be in doubt where it ends gets none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WholeRequest<'a> {
    pub(super) path: &'a str,
    pub(super) id: Option<&'a str>,
}

impl<'a> WholeRequest<'a> {
    /// The one in these bytes, of a connection on which every request before it has its answer.
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut headers = [EMPTY_HEADER; HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        let Ok(Status::Complete(head)) = request.parse(bytes) else { return None };
        // The answer to HEAD has no body, and what follows CONNECT is no request.
        if request.version != Some(1) || matches!(request.method?, "HEAD" | "CONNECT") {
            return None;
        }
        let path = request.path.filter(|target| target.starts_with('/'))?;
        let (mut body, mut id) = (None, None);
        for Header { name, value } in request.headers.iter() {
            let is = |other: &str| name.eq_ignore_ascii_case(other);
            if is(CONTENT_LENGTH.as_str()) {
                let length = length(value).filter(|_| body.is_none())?;
                body = Some(length);
            } else if is(CONNECTION.as_str()) {
                value.eq_ignore_ascii_case(b"keep-alive").then_some(())?;
            } else if [TRANSFER_ENCODING, EXPECT, UPGRADE].iter().any(|other| is(other.as_str())) {
                return None;
            } else if is(request_id::HEADER.as_str()) {
                id = id.or(Some(value));
            }
        }
        let is_whole = head + body.unwrap_or_default() == bytes.len();
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        let id = id.and_then(|id| from_utf8(id).ok());
        is_whole.then_some(Self { path, id })
    }
}

/// Digits and nothing else; no more than what a body that is passed over may have.
fn length(value: &[u8]) -> Option<usize> {
    let digits = from_utf8(value).ok()?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|length| plain && *length <= LONGEST_PASSED_OVER)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEAD: &str = "POST /v1/paymentMethodImport/Stripe?a=b HTTP/1.1\r\nHost: localhost\r\n";

    fn with(headers: &str, body: &str) -> String {
        format!("{HEAD}{headers}\r\n{body}")
    }

    #[track_caller]
    fn check(request: &str, whole: Option<(&str, Option<&str>)>) {
        let read = WholeRequest::read(request.as_bytes()).map(|request| (request.path, request.id));
        assert_eq!(read, whole, "{request}");
    }

    #[test]
    fn a_request_is_whole_with_all_of_its_body() {
        let path = "/v1/paymentMethodImport/Stripe";
        check(&with("", ""), Some((path, None)));
        check(&with("Content-Length: 0\r\n", ""), Some((path, None)));
        check(
            &with("content-length: 2\r\nX-Request-ID: mine\r\n", "{}"),
            Some((path, Some("mine"))),
        );
        check(&with("Connection: Keep-Alive\r\nContent-Length: 2\r\n", "{}"), Some((path, None)));
        check("GET /v1/countries HTTP/1.1\r\n\r\n", Some(("/v1/countries", None)));
        check("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", Some(("/", None)));
    }

    #[test]
    fn where_its_end_could_be_doubted_it_is_none() {
        for doubtful in [
            with("Content-Length: 2\r\n", "{"),
            with("Content-Length: 2\r\n", "{} "),
            with("Content-Length: 2\r\nContent-Length: 2\r\n", "{}"),
            with("Content-Length: 2, 2\r\n", "{}"),
            with("Content-Length: +2\r\n", "{}"),
            with("Content-Length: 0x2\r\n", "{}"),
            with("Content-Length: \r\n", ""),
            with("Content-Length: 99999999999999999999\r\n", "{}"),
            with("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "{}"),
            with("Transfer-Encoding: identity\r\n", ""),
            with("Expect: 100-continue\r\n", ""),
            with("Upgrade: h2c\r\n", ""),
            with("Connection: close\r\n", ""),
            with("Connection: keep-alive, upgrade\r\n", ""),
            with("", "") + &with("", ""),
            with("No colon\r\n", ""),
            with(" Folded: 1\r\n", ""),
            format!("{HEAD}Content-Length: 2\r\n"),
            "HEAD /v1/countries HTTP/1.1\r\n\r\n".to_owned(),
            "CONNECT /v1/countries HTTP/1.1\r\n\r\n".to_owned(),
            "GET /v1/countries HTTP/1.0\r\n\r\n".to_owned(),
            "GET http://localhost/v1/countries HTTP/1.1\r\n\r\n".to_owned(),
            "OPTIONS * HTTP/1.1\r\n\r\n".to_owned(),
            with(&"A: 1\r\n".repeat(HEADERS), ""),
            with(
                &format!("Content-Length: {}\r\n", LONGEST_PASSED_OVER + 1),
                &"x".repeat(16 * 1024 + 1),
            ),
        ] {
            check(&doubtful, None);
        }
    }

    proptest! {
        #[test]
        fn nothing_less_and_nothing_more_is_one(
            body in "[ -~]{0,40}",
            cut in any::<prop::sample::Index>(),
            more in "[ -~\r\n]{1,40}",
        ) {
            let whole = with(&format!("Content-Length: {}\r\n", body.len()), &body);
            prop_assert!(WholeRequest::read(whole.as_bytes()).is_some());
            let less = whole.get(..cut.index(whole.len())).unwrap_or_default();
            prop_assert_eq!(WholeRequest::read(less.as_bytes()), None);
            let more = whole.clone() + &more;
            prop_assert_eq!(WholeRequest::read(more.as_bytes()), None);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _read = WholeRequest::read(&bytes);
        }
    }
}
