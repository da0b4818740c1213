//! Certificates that are replaced while they are served.

use std::time::Duration;

use cardlift_tests::{Backend, Program};
use reqwest::Response;
use tokio::time::{sleep, timeout};

use super::serve;
use crate::authority::{Authority, Files, Pair};

/// How long a server may take to see what is new.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until this is so.
async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let come = async {
        while !so().await {
            sleep(Duration::from_millis(50)).await;
        }
    };
    assert!(timeout(PATIENCE, come).await.is_ok(), "never: {what}");
}

/// The answer over a connection of its own.
async fn fresh(authority: &Authority, url: &str) -> Response {
    let client = authority.client().build().expect("a client");
    client.get(url).send().await.expect("an answer")
}

/// The lines of what is counted of certificates.
async fn reloads(server: &Program) -> String {
    server
        .counted()
        .await
        .lines()
        .filter(|line| line.starts_with("cardlift_tls_reloads_total{"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_certificate_is_served_without_a_restart_and_a_broken_one_never() {
    let (backend, authority) = (Backend::sqlite(), Authority::new());
    let [first, second, third]: [Pair; 3] = std::array::from_fn(|_| authority.pair());
    let files = Files::with(&first);
    let serve = serve(&backend).env("CARDLIFT_METRICS_LISTEN", "127.0.0.1:0");
    let (mut server, base) = Program::serve(files.in_use(serve)).await;
    let url = format!("{base}/healthz");
    let standing = authority.client().build().expect("a client");
    let ask = async || {
        let answer = standing.get(&url).send().await.expect("an answer");
        assert!(first.was_served(&answer), "the connection stands");
        answer.text().await.expect("it is read to its end")
    };
    ask().await;
    assert!(first.was_served(&fresh(&authority, &url).await));

    files.write(&second.cert, &second.key);
    until("the second", async || second.was_served(&fresh(&authority, &url).await)).await;
    ask().await;

    files.write(&third.cert, &second.key);
    let told = "the one before is served on";
    until("a warning", async || server.written().contains(told)).await;
    assert!(second.was_served(&fresh(&authority, &url).await), "not a broken one");

    files.write(&third.cert, &third.key);
    until("the third", async || third.was_served(&fresh(&authority, &url).await)).await;
    ask().await;

    let counted = reloads(&server).await;
    assert!(counted.contains(r#"{outcome="taken"} 2"#), "{counted}");
    assert!(counted.contains(r#"{outcome="refused"} 1"#), "{counted}");
    server.signal("TERM").await;
    assert_eq!(server.ended().await, Some(0));
    let written = server.written();
    assert_eq!(written.matches(told).count(), 1, "told once: {written}");
    for line in [&first, &second, &third].iter().flat_map(|pair| pair.key.lines()) {
        assert!(!written.contains(line), "{written}");
    }
}
