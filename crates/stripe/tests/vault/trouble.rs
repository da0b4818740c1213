//! Answers that are slow, broken off, too long, or no answers.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cardlift_core::ports::VaultError;
use flate2::Compression;
use flate2::write::GzEncoder;
use rstest::rstest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Barrier;
use wiremock::ResponseTemplate;

use crate::harness::{CARD, CUSTOMER, accepting, builder, read, server, two_shapes, vault};

/// A server that takes connections, says this, and hangs up. It counts the connections.
pub(crate) async fn says(answer: &'static [u8]) -> (String, Arc<AtomicUsize>) {
    accepting(move |mut connection, _| async move {
        let mut request = [0; 4_096];
        let _read = connection.read(&mut request).await;
        let _written = connection.write_all(answer).await;
    })
    .await
}

/// A server that answers nobody before as many have asked as the barrier wants, and how many were
/// with it at once at most.
pub(crate) async fn gathering(gathered: Arc<Barrier>) -> (String, Arc<AtomicUsize>) {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let highest = most.clone();
    let (base, _) = accepting(move |mut connection, _| {
        let (now, most, gathered) = (now.clone(), highest.clone(), gathered.clone());
        async move {
            let mut request = [0; 4_096];
            let _read = connection.read(&mut request).await;
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            gathered.wait().await;
            now.fetch_sub(1, Ordering::SeqCst);
            let answer =
                b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            let _written = connection.write_all(answer).await;
        }
    })
    .await;
    (base, most)
}

/// The most requests that were with a server at once, of so many calls made at once about so many
/// customers. It answers nobody before as many have asked as there are customers, or none that
/// waits would ever be let go.
pub(crate) async fn most_at_once(calls: usize, customers: usize) -> usize {
    let (base, most) = gathering(Arc::new(Barrier::new(customers))).await;
    let vault = Arc::new(vault(&base));
    let calls = (0..calls).map(|call| {
        let vault = vault.clone();
        let customer = format!("cus_{}", call % customers);
        tokio::spawn(async move { read(&vault, &customer, CARD).await.expect_err("not there") })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.expect("no panic");
    }
    most.load(Ordering::SeqCst)
}

/// How many connections are made for so many calls, one after the other, by a server that keeps
/// them open.
pub(crate) async fn connections_of_calls(calls: usize) -> usize {
    let (base, count) = accepting(|mut connection, _| async move {
        let mut request = [0; 4_096];
        while connection.read(&mut request).await.is_ok_and(|bytes| bytes > 0) {
            let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
            let _written = connection.write_all(answer).await;
        }
    })
    .await;
    let vault = vault(&base);
    for _ in 0..calls {
        read(&vault, CUSTOMER, CARD).await.expect_err("not there");
    }
    count.load(Ordering::SeqCst)
}

#[rstest]
#[case::at_once(b"")]
#[case::in_the_head(b"HTTP/1.1 200 OK\r\nContent-")]
#[case::in_the_body(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"id\": \"card_")]
#[tokio::test]
async fn an_answer_that_breaks_off_is_asked_for_again(#[case] answer: &'static [u8]) {
    let (base, count) = says(answer).await;
    let error = read(&vault(&base), CUSTOMER, CARD).await.expect_err("broken off");
    assert!(matches!(error, VaultError::Unavailable { .. }), "{error:?}");
    assert_eq!(count.load(Ordering::SeqCst), 4, "over the pool once, and three fresh ones");
    assert!(!format!("{error:?}").contains(CARD), "an id got into the log");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_out_of_reach() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let error = read(&vault(&base), CUSTOMER, CARD).await.expect_err("nobody there");
    assert!(matches!(error, VaultError::Unavailable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_slow_answer_is_given_up() {
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(600));
    let server = server(slow).await;
    let short = Duration::from_millis(100);
    for builder in [
        builder(&server.uri()).timeout(short),
        builder(&server.uri()).read_timeout(short).retries(0),
    ] {
        let vault = builder.build().expect("a vault");
        let error = read(&vault, CUSTOMER, CARD).await.expect_err("too slow");
        assert!(matches!(error, VaultError::Unavailable { .. }), "{error:?}");
    }
}

#[rstest]
#[case::text("Bad gateway")]
#[case::cut(r#"{"id": "card_fakefakefakefakefake0001", "object":"#)]
#[case::list("[]")]
#[case::nothing("")]
#[case::deep(&"[".repeat(100_000))]
#[tokio::test]
async fn a_body_that_is_not_the_json_of_a_card_is_not_believed(#[case] body: &str) {
    let server = server(ResponseTemplate::new(200).set_body_string(body)).await;
    let error = read(&vault(&server.uri()), CUSTOMER, CARD).await.expect_err("malformed");
    assert!(matches!(error, VaultError::Unreadable { .. }), "{error:?}");
}

#[rstest]
#[tokio::test]
async fn a_redirect_is_not_followed(#[values(301, 302, 303, 307, 308)] status: u16) {
    let elsewhere = server(ResponseTemplate::new(200).set_body_json(two_shapes().0)).await;
    let place = format!("{}/v1/customers/{CUSTOMER}/sources/{CARD}", elsewhere.uri());
    let answer = ResponseTemplate::new(status).insert_header("Location", place.as_str());
    let server = server(answer).await;
    let error = read(&vault(&server.uri()), CUSTOMER, CARD).await.expect_err("no card");
    assert!(matches!(error, VaultError::Unreadable { .. }), "{error:?}");
    let asked = server.received_requests().await.expect("recorded").len();
    assert_eq!(asked, 1, "the same again would send us away, too");
    let asked = elsewhere.received_requests().await.expect("recorded").len();
    assert_eq!(asked, 0, "it was followed");
}

fn gzipped(body: &[u8]) -> ResponseTemplate {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).expect("in memory");
    let body = encoder.finish().expect("in memory");
    ResponseTemplate::new(200).insert_header("Content-Encoding", "gzip").set_body_bytes(body)
}

#[tokio::test]
async fn a_compressed_answer_is_read() {
    let server = server(gzipped(two_shapes().0.to_string().as_bytes())).await;
    read(&vault(&server.uri()), CUSTOMER, CARD).await.expect("a card");
}

#[rstest]
#[case::as_it_is(ResponseTemplate::new(200).set_body_bytes(vec![b' '; 300 * 1024]))]
#[case::unpacked(gzipped(&vec![b' '; 64 * 1024 * 1024]))]
#[tokio::test]
async fn a_body_without_end_is_not_read_to_its_end(#[case] answer: ResponseTemplate) {
    let server = server(answer).await;
    let error = read(&vault(&server.uri()), CUSTOMER, CARD).await.expect_err("too long");
    match error {
        VaultError::Unreadable { source } => {
            assert_eq!(source.to_string(), "the answer is longer than 262144 bytes");
        }
        other => panic!("{other:?}"),
    }
    let asked = server.received_requests().await.expect("recorded").len();
    assert_eq!(asked, 1, "the same again would be as long");
}
