//! Memory does not grow with the file.

use cardlift_tests::{Backend, Program};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Place, on_both};

on_both! {
    a_long_file_is_taken_in_little_memory
}

/// How many rows the long file has, and how many are sent in one piece.
const ROWS: usize = 120_000;
const PIECE: usize = 2_000;

/// What the server may take more than before: less than the file, which is over 30 MB.
const MOST_KIB: u64 = 24 * 1024;

async fn a_long_file_is_taken_in_little_memory(backend: Backend) {
    let place = Place::new(backend, 1, &[]).await;
    let key = place.backend.key().await;
    let (server, base) = Program::serve(place.run(&["serve", "--listen", "127.0.0.1:0"])).await;
    // A short one first: what is held for any file is held then.
    send(&base, &key, PIECE * 10).await;
    let before = resident_kib(server.id());
    send(&base, &key, ROWS).await;
    let after = resident_kib(server.id());
    assert!(after < before + MOST_KIB, "{before} KiB before, {after} after");
    assert_eq!(server.stop().await, Some(0));
}

/// Sends a file of so many rows in pieces, without saying how long it is.
async fn send(base: &str, key: &str, rows: usize) {
    let address = base.strip_prefix("http://").expect("a plain URL");
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let head = format!(
        "POST /v1/paymentMethodImport/Stripe/jobs HTTP/1.1\r\nHost: localhost\r\n\
         Connection: close\r\nAuthorization: Basic {key}\r\nContent-Type: text/csv\r\n\
         Transfer-Encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("it reads");
    let header = "customerId,stripeCustomerId,stripeCardId,note\n".to_owned();
    for piece in std::iter::once(header).chain((0..rows / PIECE).map(piece)) {
        let chunk = format!("{:x}\r\n{piece}\r\n", piece.len());
        stream.write_all(chunk.as_bytes()).await.expect("it reads");
    }
    stream.write_all(b"0\r\n\r\n").await.expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains(&format!("\"rows\":{rows},")), "{answer}");
    assert!(answer.contains("\"state\":\"ready\""), "{answer}");
}

fn piece(number: usize) -> String {
    let padding = "x".repeat(200);
    let row = |row: usize| {
        let row = number * PIECE + row;
        format!("{},cus_{row:020},card_{row:020},{padding}\n", row + 1)
    };
    (0..PIECE).map(row).collect()
}

/// The memory of a process that is in use, as the kernel counts it.
fn resident_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"));
    let status = status.expect("this test reads /proc: it runs on Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a size");
    line.split_whitespace().nth(1).and_then(|size| size.parse().ok()).expect("a number")
}
