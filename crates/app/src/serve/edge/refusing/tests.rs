use std::io::ErrorKind;

use actix_web::http::header::HeaderMap;
use cardlift_http::ConcurrencyLimit;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::task::yield_now;

use super::*;

const UNSEEN: Duration = Duration::from_secs(10);

const WHOLE: &[u8] = b"GET /v1/countries HTTP/1.1\r\nX-Request-Id: whole\r\n\r\n";

/// What refuses all but so many requests at once.
pub(super) fn refusals(most: usize) -> Refusals {
    let refusal = EarlyRefusal::new(ConcurrencyLimit::new(most), &HeaderMap::new());
    Refusals { refusal: Arc::new(refusal), unseen: UNSEEN }
}

/// A stream that has no place, its connection, and the client's end, which takes so many bytes.
fn connected(room: usize) -> (Refusing<DuplexStream>, Connection, DuplexStream) {
    let (server, client) = duplex(room);
    let connection = Connection::new();
    (Refusing::new(server, connection.clone(), Some(refusals(0))), connection, client)
}

/// The next of what is handed on, where there is something.
async fn handed_on(server: &mut Refusing<DuplexStream>) -> Option<Vec<u8>> {
    let mut room = [0; 1_024];
    tokio::select! {
        biased;
        read = server.read(&mut room) => {
            let count = read.expect("bytes");
            Some(room.get(..count).unwrap_or_default().to_owned())
        }
        () = yield_now() => None,
    }
}

/// Lets a request be handed on and answered.
async fn answered(
    server: &mut Refusing<DuplexStream>,
    connection: &Connection,
    client: &mut DuplexStream,
) {
    client.write_all(WHOLE).await.expect("room");
    assert_eq!(handed_on(server).await.as_deref(), Some(WHOLE));
    drop(connection.open());
    server.write_all(b"answer").await.expect("room");
    server.flush().await.expect("a client");
    let mut answer = [0; 6];
    client.read_exact(&mut answer).await.expect("the answer");
}

#[tokio::test(start_paused = true)]
async fn it_refuses_one_after_the_other_but_the_first() {
    let (mut server, connection, mut client) = connected(1_024);
    answered(&mut server, &connection, &mut client).await;
    for _ in 0..2 {
        client.write_all(WHOLE).await.expect("room");
        assert_eq!(handed_on(&mut server).await, None);
        let mut answer = [0; 1_024];
        let count = client.read(&mut answer).await.expect("a refusal");
        let answer = String::from_utf8_lossy(answer.get(..count).expect("read"));
        assert!(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{answer}");
        assert!(answer.contains("\r\nx-request-id: whole\r\n\r\n{"), "{answer}");
    }
    assert_eq!(connection.opened(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_refused_is_no_idle_one() {
    let (mut server, connection, mut client) = connected(1_024);
    answered(&mut server, &connection, &mut client).await;
    tokio::time::advance(UNSEEN / 2).await;
    client.write_all(WHOLE).await.expect("room");
    assert_eq!(handed_on(&mut server).await, None);
    assert_eq!(connection.quiet_since(), Some(Instant::now()));
    assert!(client.read(&mut [0; 1_024]).await.expect("a refusal") > 0);
    // But HTTP sees the next one as soon as it would have otherwise.
    tokio::time::advance(UNSEEN / 2).await;
    answered(&mut server, &connection, &mut client).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_refused_while_there_is_a_place() {
    let (server, mut client) = duplex(1_024);
    let connection = Connection::new();
    let mut server = Refusing::new(server, connection.clone(), Some(refusals(1)));
    for _ in 0..3 {
        answered(&mut server, &connection, &mut client).await;
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_while_a_request_is_seen_again() {
    let (mut server, connection, mut client) = connected(1_024);
    answered(&mut server, &connection, &mut client).await;
    tokio::time::advance(UNSEEN).await;
    answered(&mut server, &connection, &mut client).await;
}

/// Nothing is refused after this came on a connection that has had an answer.
async fn hands_on_after(piece: &[u8]) {
    let (mut server, connection, mut client) = connected(1_024);
    answered(&mut server, &connection, &mut client).await;
    client.write_all(piece).await.expect("room");
    assert_eq!(handed_on(&mut server).await.as_deref(), Some(piece));
    for _ in 0..2 {
        answered(&mut server, &connection, &mut client).await;
    }
}

#[tokio::test(start_paused = true)]
async fn where_the_next_request_begins_it_does_not_guess() {
    hands_on_after(b"GET /v1/countries HTTP/1.1\r\nX-A: ").await;
    hands_on_after(&[WHOLE, WHOLE].concat()).await;
    hands_on_after(b"POST /v1/a HTTP/1.1\r\nContent-Length: 99\r\n\r\n").await;
    hands_on_after(b"\r\n").await;
}

#[tokio::test(start_paused = true)]
async fn what_comes_before_the_last_answer_is_written_is_handed_on() {
    for opened in [false, true] {
        let (mut server, connection, mut client) = connected(1_024);
        client.write_all(WHOLE).await.expect("room");
        assert_eq!(handed_on(&mut server).await.as_deref(), Some(WHOLE));
        // Not read by anybody yet, or not flushed.
        let open = opened.then(|| connection.open());
        server.flush().await.expect("a client");
        drop(open);
        client.write_all(WHOLE).await.expect("room");
        assert_eq!(handed_on(&mut server).await.as_deref(), Some(WHOLE));
        answered(&mut server, &connection, &mut client).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_written_whole_before_anything_else() {
    let (mut server, connection, mut client) = connected(WHOLE.len());
    answered(&mut server, &connection, &mut client).await;
    client.write_all(WHOLE).await.expect("room");
    assert_eq!(handed_on(&mut server).await, None);
    let other = async {
        server.write_all(b"other").await.expect("room");
        server.shutdown().await.expect("a client");
    };
    let mut all = String::new();
    let ((), read) = tokio::join!(other, client.read_to_string(&mut all));
    read.expect("the end");
    let body = all.strip_suffix("other").expect("it comes last");
    assert!(body.starts_with("HTTP/1.1 503 ") && body.ends_with("Try again later.\"}]}"), "{all}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_gone_is_an_error() {
    let (mut server, connection, mut client) = connected(1_024);
    answered(&mut server, &connection, &mut client).await;
    client.write_all(WHOLE).await.expect("room");
    drop(client);
    let error = server.read(&mut [0; 1_024]).await.expect_err("nobody is there");
    assert_eq!(error.kind(), ErrorKind::BrokenPipe);
}
