//! The stream under actix: it answers the same requests as without it.

use actix_http::{HttpMessage as _, Request, Response};
use actix_service::{Service as _, ServiceFactory as _, fn_service};
use actix_web::Error;
use futures_util::StreamExt as _;
use proptest::prelude::*;
use proptest::sample::Index;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::task::{LocalSet, yield_now};

use super::tests::refusals;
use super::*;
use crate::serve::edge::headers::Transport;
use crate::serve::edge::http;
use crate::serve::edge::stream::Bounded;
use crate::settings::Bounds;

/// A kind of request.
#[derive(Debug, Clone)]
enum Kind {
    Get,
    Post(usize),
    Chunked(usize),
    Head,
}

impl Kind {
    fn bytes(&self, id: usize) -> Vec<u8> {
        let head = |first: &str| format!("{first} HTTP/1.1\r\nHost: a\r\nX-Request-Id: {id}\r\n");
        match self {
            Self::Get => head("GET /v1/a") + "\r\n",
            Self::Head => head("HEAD /v1/a") + "\r\n",
            Self::Post(length) => {
                let body = "x".repeat(*length);
                head("POST /v1/a") + &format!("Content-Length: {length}\r\n\r\n{body}")
            }
            Self::Chunked(length) => {
                let body = "x".repeat(*length);
                head("POST /v1/a")
                    + &format!(
                        "Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"
                    )
            }
        }
        .into_bytes()
    }
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![
        3 => Just(Kind::Get),
        3 => (0..40_usize).prop_map(Kind::Post),
        1 => (1..40_usize).prop_map(Kind::Chunked),
        1 => Just(Kind::Head),
    ]
}

/// What the server answers to pieces that come one after the other: the id and status of each.
async fn serve(pieces: &[Vec<u8>], refusals: Option<Refusals>) -> Vec<(String, u16)> {
    let app = fn_service(async |mut request: Request| {
        let id = request.headers().get("x-request-id").cloned();
        let mut body = request.take_payload();
        while body.next().await.is_some() {}
        let mut answer = Response::ok().set_body("fine".to_owned());
        if let Some(id) = id {
            answer.headers_mut().insert("x-request-id".try_into().expect("a name"), id);
        }
        Ok::<_, Error>(answer)
    });
    let bounds = Bounds {
        connections: 1,
        keep_alive: Duration::from_secs(75),
        client_timeout: Duration::from_secs(5),
    };
    let factory = http::<DuplexStream, _, _, _, _>(app, bounds, Transport::Plain, || {
        std::future::pending::<()>()
    });
    let service = factory.new_service(()).await.expect("a service");
    let (server, mut client) = duplex(64 * 1_024);
    let connection = Connection::new();
    let server = Refusing::new(server, connection.clone(), refusals);
    let server = Bounded::new(server, connection, "test", Duration::from_secs(80));
    let end = tokio::task::spawn_local(service.call((server, None)));
    for piece in pieces {
        if client.write_all(piece).await.is_err() {
            break;
        }
        for _ in 0..32 {
            yield_now().await;
        }
    }
    let mut answers = String::new();
    client.read_to_string(&mut answers).await.expect("the end");
    // What is no request is an error.
    let _end = end.await.expect("no panic");
    let told = |answer: &str| {
        let id = answer.split_once("x-request-id: ").and_then(|(_, rest)| rest.lines().next());
        let status = answer.get(..3).expect("a status").parse().expect("a status");
        (id.unwrap_or_default().to_owned(), status)
    };
    answers.split("HTTP/1.1 ").skip(1).map(told).collect()
}

/// The same, in a runtime of its own.
fn answers(pieces: &[Vec<u8>], refusals: Option<Refusals>) -> Vec<(String, u16)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    LocalSet::new().block_on(&runtime.expect("a runtime"), serve(pieces, refusals))
}

/// A request that ends the connection, so that HTTP sees it.
const LAST: &[u8] =
    b"GET /v1/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Request-Id: last\r\n\r\n";

#[test]
fn what_comes_whole_is_refused_in_its_turn() {
    let requests = [Kind::Post(2), Kind::Post(2), Kind::Get, Kind::Chunked(2), Kind::Get];
    let mut pieces: Vec<_> =
        requests.iter().enumerate().map(|(id, request)| request.bytes(id)).collect();
    pieces.push(LAST.to_owned());
    let told = answers(&pieces, Some(refusals(0)));
    let told: Vec<_> = told.iter().map(|(id, status)| (id.as_str(), *status)).collect();
    // The first is HTTP's, and all from the one on that may have ended anywhere.
    let expected = [("0", 200), ("1", 503), ("2", 503), ("3", 200), ("4", 200), ("last", 200)];
    assert_eq!(told, expected);
}

proptest! {
    #[test]
    fn the_same_requests_are_answered_as_without_it_however_they_come(
        requests in prop::collection::vec((kinds(), any::<bool>()), 1..8),
        cuts in prop::collection::vec(any::<Index>(), 0..6),
    ) {
        let (mut all, mut ends) = (Vec::new(), Vec::new());
        for (id, (request, ends_a_piece)) in requests.iter().enumerate() {
            all.extend(request.bytes(id));
            ends.extend(ends_a_piece.then_some(all.len()));
        }
        all.extend(LAST);
        ends.extend(cuts.iter().map(|cut| cut.index(all.len())));
        ends.push(all.len());
        ends.sort_unstable();
        let mut begin = 0;
        let pieces = ends.into_iter().filter_map(|end| {
            let piece = all.get(begin..end).filter(|piece| !piece.is_empty());
            begin = end;
            piece.map(<[u8]>::to_owned)
        });
        let pieces: Vec<_> = pieces.collect();
        let ids = |told: Vec<(String, u16)>| told.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        let told = answers(&pieces, Some(refusals(0)));
        prop_assert!(told.iter().all(|(_, status)| [200, 503].contains(status)), "{told:?}");
        prop_assert_eq!(ids(told), ids(answers(&pieces, None)));
    }
}

proptest! {
    // Of most of these it says nothing.
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_taken_for_a_whole_request_is_one_for_http(
        lines in prop::collection::vec(lines(), 0..5),
        end in prop_oneof![4 => Just("\r\n"), 1 => Just("\n")],
        body in "[x\r\n]{0,3}",
    ) {
        let mut request = format!("POST /v1/a HTTP/1.1{end}Host: a{end}");
        for line in lines {
            request += &line.replace("LENGTH", &body.len().to_string());
            request += end;
        }
        request = request + end + &body;
        if WholeRequest::read(request.as_bytes()).is_none() {
            return Ok(());
        }
        let told = answers(&[[request.as_bytes(), LAST].concat()], None);
        let as_one = match told.as_slice() {
            // Whatever is wrong with it, the connection ends.
            [(_, 400)] => true,
            [_, (last, 200)] => last == "last",
            _ => false,
        };
        prop_assert!(as_one, "{told:?}");
    }
}

/// Lines of a head, some of which leave it in doubt where a request ends.
fn lines() -> impl Strategy<Value = String> {
    let lines = [
        "Content-Length: LENGTH",
        "content-length:LENGTH",
        "Content-Length: \tLENGTH ",
        "Content-Length: 0LENGTH",
        "Content-Length: 1",
        "Content-Length: +LENGTH",
        "Content-Length : LENGTH",
        "Content-Length: LENGTH, LENGTH",
        "Content-Length:",
        "Content-Length\u{b}: LENGTH",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding:\u{b}chunked",
        "Connection: close",
        "Connection: keep-alive",
        "Upgrade: h2c",
        "Expect: 100-continue",
        "X-Request-Id: one",
        " folded: 1",
        "X:\t1",
        "",
    ];
    prop::sample::select(lines.map(str::to_owned).to_vec())
}
