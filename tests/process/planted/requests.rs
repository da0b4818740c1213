//! Requests that carry a card number, in each place that the API's description has for anything,
//! and in those that every request has.

mod operation;
mod planted;

use cardlift_tests::send;

use super::place::{Place, Sent};
use super::{DASHED, NUMBER};
use crate::described::operations;

/// Every operation refuses each of them, and says why.
pub(crate) async fn are_refused(place: &mut Place) {
    for operation in operations() {
        for sent in planted::all(&operation) {
            let (status, text) = place.ask(&sent).await;
            assert_eq!(status, 400, "{sent:?}: {text}");
            let told = text.contains("holds what looks like a card number. Cardlift takes");
            assert!(told || sent.verb == "HEAD", "{sent:?}: {text}");
        }
    }
    beside_the_operations(place).await;
}

/// Where there is no operation, or no request that can be read.
async fn beside_the_operations(place: &mut Place) {
    for (verb, path) in [
        ("GET", format!("/{NUMBER}")),
        ("POST", format!("/v1/nothing?card={DASHED}")),
        ("PATCH", format!("/v1/customers/{NUMBER}")),
        ("OPTIONS", format!("/v1/customers?{NUMBER}")),
    ] {
        let (status, text) = place.ask(&Sent::new(verb.parse().expect("a verb"), &path)).await;
        assert_eq!(status, 400, "{path}: {text}");
    }
    let end = "Host: localhost\r\nConnection: close\r\n";
    for request in [
        format!("{NUMBER} /v1/customers HTTP/1.1\r\n{end}\r\n"),
        format!("GET http://{NUMBER}/v1/customers HTTP/1.1\r\n{end}\r\n"),
        format!("GET /v1/customers HTTP/9.9 {NUMBER}\r\n{end}\r\n"),
        format!("GET /v1/customers HTTP/1.1\r\n{end}not a header {NUMBER}\r\n\r\n"),
        format!("GET /v1/customers HTTP/1.1\r\n{end}Content-Length: {NUMBER}x\r\n\r\n"),
        format!("GET /v1/customers HTTP/1.1\r\n{end}Expect: {NUMBER}\r\n\r\n"),
    ] {
        let answer = send(&place.base, &request).await;
        assert_eq!(answer.status, 400, "{request}: {}", answer.body);
        place.note(&answer);
    }
}
