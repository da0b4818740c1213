//! Clients that are slow, send too much, or are too many.

use std::time::Duration;

use cardlift_tests::{Answer, Backend, Program, send};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::{connect, serve};

/// A request whose connection is kept.
const ONCE: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// How long a server may take that does what it should.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends a request, and reads its answer.
async fn used(base: &str) -> TcpStream {
    let mut stream = connect(base).await;
    stream.write_all(ONCE).await.expect("it reads");
    answered(&mut stream).await;
    stream
}

/// Waits for a good answer.
async fn answered(stream: &mut TcpStream) {
    let mut answer = Vec::new();
    while !answer.ends_with(br#"{"status":"ok"}"#) {
        assert_ne!(stream.read_buf(&mut answer).await.expect("it answers"), 0);
    }
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_does_not_come_in_time_is_told_so_and_cut_off() {
    let backend = Backend::sqlite();
    let serve = serve(&backend).env("CARDLIFT_CLIENT_TIMEOUT", "1");
    let (server, base) = Program::serve(serve).await;
    for part in ["", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"] {
        let answer = timeout(PATIENCE, send(&base, part)).await.expect("it ends");
        check(&answer, 408, part);
    }
    assert_eq!(server.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_is_a_connection_kept_for_the_next_one_however_many_bytes_come() {
    let backend = Backend::sqlite();
    let serve = serve(&backend).env("CARDLIFT_CLIENT_TIMEOUT", "1").env("CARDLIFT_KEEP_ALIVE", "1");
    let (server, base) = Program::serve(serve).await;
    let (mut idle, mut slow) = (used(&base).await, used(&base).await);
    slow.write_all(b"GET /healthz HTTP/1.1\r\nX: ").await.expect("it reads");
    let drip = async {
        while slow.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, drip).await.expect("it ends");
    let idle = timeout(PATIENCE, idle.read(&mut [0])).await.expect("it ends");
    assert_eq!(idle.expect("it ends well"), 0);
    assert_eq!(server.stop().await, Some(0));
}

/// Holds an answer to what is no request against what it may say: it goes past what adds headers.
#[track_caller]
fn check(answer: &Answer, status: u16, what: &str) {
    assert_eq!((answer.status, answer.body.as_str()), (status, ""), "{what}");
    assert_eq!(answer.header("server"), None, "{what}");
}

/// What a head is answered that is not taken.
async fn refused(base: &str, head: &str) -> Answer {
    timeout(PATIENCE, send(base, head)).await.expect("it ends")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_is_too_much_is_refused() {
    let backend = Backend::sqlite();
    let (server, base) = Program::serve(serve(&backend)).await;
    let long = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}", "x".repeat(131_072));
    let long = long.get(..131_072).expect("a piece");
    check(&refused(&base, long).await, 431, "128 KiB, and no end");
    let many = "X: x\r\n".repeat(96);
    let many = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{many}\r\n");
    check(&refused(&base, &many).await, 431, "97 headers");
    let path = "x".repeat(65_535);
    let path = format!("GET /{path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    check(&refused(&base, &path).await, 400, "65,536 bytes of a path");
    let path = "x".repeat(65_000);
    let path = format!("GET /{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert_eq!(refused(&base, &path).await.status, 404, "fewer");
    assert_eq!(server.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_beyond_those_allowed_wait_for_room() {
    let backend = Backend::sqlite();
    let serve = serve(&backend).env("CARDLIFT_CONNECTIONS", "2").env("CARDLIFT_WORKERS", "1");
    let (server, base) = Program::serve(serve).await;
    let (first, _second) = (used(&base).await, used(&base).await);
    let mut third = connect(&base).await;
    third.write_all(ONCE).await.expect("the system takes it");
    let early = timeout(Duration::from_millis(300), third.read_u8()).await;
    assert!(early.is_err(), "it waits: {early:?}");
    drop(first);
    timeout(PATIENCE, answered(&mut third)).await.expect("it has room");
    assert_eq!(server.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_without_a_request_do_not_hold_up_the_end() {
    let backend = Backend::sqlite();
    let serve = serve(&backend).env("CARDLIFT_SHUTDOWN_TIMEOUT", "3600");
    let (server, base) = Program::serve(serve).await;
    let _idle = used(&base).await;
    assert_eq!(server.stop().await, Some(0));
}
