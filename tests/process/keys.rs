//! What becomes of keys while servers run.

use std::time::Duration;

use cardlift_tests::{Backend, Program, client};
use tokio::time::{Instant, sleep, timeout};

use crate::stopping::watched;

/// How long anything may take before the test gives up on it.
const PATIENCE: Duration = Duration::from_secs(60);

async fn serve(backend: &Backend) -> (Program, String) {
    let run = backend.run(&["serve", "--listen", "127.0.0.1:0"]);
    Program::serve(run.env("STRIPE_API_KEY", "sk_test_1").env("CARDLIFT_JOBS_AT_ONCE", "0")).await
}

/// What a key is answered that reads.
async fn status(base: &str, key: &str) -> u16 {
    let request = client().get(format!("{base}/v1/customers"));
    let answer = request.header("authorization", format!("Basic {key}")).send().await;
    answer.expect("an answer").status().as_u16()
}

/// Two servers, and a key that is in use with both. Whatever is asked a second after the revocation, or
/// later, is refused; how long it takes to ask does not matter.
#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_is_refused_by_every_replica_within_a_second() {
    let backend = Backend::postgres().await;
    let key = backend.key().await;
    let (first, first_base) = serve(&backend).await;
    let (second, second_base) = serve(&backend).await;
    for base in [&first_base, &second_base] {
        assert_eq!(status(base, &key).await, 200);
    }
    backend.run(&["key", "revoke", "1"]).succeed().await;
    let revoked = Instant::now();
    while revoked.elapsed() < Duration::from_secs(1) {
        for base in [&first_base, &second_base] {
            assert!([200, 401].contains(&status(base, &key).await));
        }
        sleep(Duration::from_millis(20)).await;
    }
    for base in [&first_base, &second_base] {
        assert_eq!(status(base, &key).await, 401);
    }
    for server in [first, second] {
        assert_eq!(server.stop().await, Some(0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_of_a_job_break_off_when_their_key_is_revoked() {
    let backend = Backend::sqlite();
    let (server, base) = serve(&backend).await;
    let events = watched(&backend, &base).await;
    backend.run(&["key", "revoke", "1"]).succeed().await;
    let rest = timeout(PATIENCE, events.text()).await.expect("they end");
    assert!(rest.is_err(), "as if there were no more: {rest:?}");
    assert_eq!(server.stop().await, Some(0));
}

async fn what_a_key_is_for_and_when_it_was_used_is_told(backend: Backend) {
    let create =
        ["key", "create", "--label", "reads", "--scope", "read", "--expires", "2999-12-31"];
    let key = backend.run(&create).succeed().await.trim().to_owned();
    let unused = backend.run(&["key", "create", "--label", "unused"]).succeed().await;
    let list = async || backend.run(&["key", "list"]).succeed().await;
    let listed = list().await;
    let line = |listed: &str, label: &str| -> Vec<String> {
        let line = listed.lines().find(|line| line.ends_with(label)).expect("it is listed");
        line.split("  ")
            .map(|cell| cell.trim().to_owned())
            .filter(|cell| !cell.is_empty())
            .collect()
    };
    let reads = line(&listed, "reads");
    assert_eq!(
        reads.get(2..),
        Some(&["3000-01-01 00:00:00Z", "-", "-", "read", "reads"].map(String::from)[..])
    );
    let (server, base) = serve(&backend).await;
    assert_eq!(status(&base, &key).await, 200);
    let post = client().post(format!("{base}/v1/customers")).body("{}");
    let post = post.header("authorization", format!("Basic {key}")).send().await;
    let refused = post.expect("an answer");
    assert_eq!(refused.status(), 403);
    let told = refused.text().await.expect("text");
    assert!(told.contains("This needs the scope manage,"), "{told}");
    // At the end at the latest it is written.
    assert_eq!(server.stop().await, Some(0));
    let listed = list().await;
    let reads = line(&listed, "reads");
    assert!(reads.get(3).is_some_and(|used| used.ends_with('Z')), "{listed}");
    let never = line(&listed, "unused");
    assert_eq!(never.get(3).map(String::as_str), Some("-"), "{listed}");
    assert!(!listed.contains(&key) && !listed.contains(unused.trim()), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_what_a_key_is_for_and_when_it_was_used_is_told() {
    what_a_key_is_for_and_when_it_was_used_is_told(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_what_a_key_is_for_and_when_it_was_used_is_told() {
    what_a_key_is_for_and_when_it_was_used_is_told(Backend::postgres().await).await;
}

/// A server does not wait for its end to write when a key was used.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_of_a_key_is_written_while_the_server_runs() {
    let backend = Backend::sqlite();
    let key = backend.key().await;
    let (server, base) = serve(&backend).await;
    assert_eq!(status(&base, &key).await, 200);
    let started = Instant::now();
    loop {
        let listed = backend.run(&["key", "list"]).succeed().await;
        // When it was made, and when it was used.
        if listed.matches('Z').count() == 2 {
            break;
        }
        assert!(started.elapsed() < PATIENCE, "it is not written: {listed}");
        sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(server.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_shows_wrong_keys_is_slowed_and_named_in_the_log() {
    let backend = Backend::sqlite();
    let key = backend.key().await;
    let run = backend.run(&["serve", "--listen", "127.0.0.1:0"]);
    let run = run.env("STRIPE_API_KEY", "sk_test_1").env("CARDLIFT_WRONG_KEYS", "2");
    let (mut server, base) = Program::serve(run).await;
    assert_eq!(status(&base, &key).await, 200);
    let started = Instant::now();
    // A minute may end in between.
    let mut number = 0;
    loop {
        number += 1;
        match status(&base, &format!("MDo{number:05}")).await {
            429 => break,
            wrong => assert!([400, 401].contains(&wrong), "{wrong}"),
        }
        assert!(started.elapsed() < PATIENCE, "it is never slowed");
    }
    assert_eq!(status(&base, &key).await, 200, "a good key is let in all the same");
    server.signal("TERM").await;
    assert_eq!(server.ended().await, Some(0));
    let written = server.written();
    let slowed = "this address is slowed for the minute address=127.0.0.1";
    assert!(written.contains(slowed), "{written}");
}
