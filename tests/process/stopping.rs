//! How a server ends.

use std::time::Duration;

use cardlift_tests::{Backend, DOCUMENTED, Program, Run, client, import};
use reqwest::Response;
use tokio::time::{Instant, timeout};

/// Signals a server while a request is with its slow vault, and gives the answer of that request.
async fn told_to_stop_with_a_request_in_flight(signal: &str) {
    let (sandbox, vault) = Program::serve(Run::new(&["sandbox", "--listen", "127.0.0.1:0"])).await;
    let backend = Backend::sqlite();
    backend.load_documented().await;
    let key = backend.key().await;
    let serve = backend
        .run(&["serve", "--listen", "127.0.0.1:0"])
        .env("STRIPE_API_KEY", "sk_test_1")
        .env("STRIPE_API_BASE", &vault);
    let (mut server, base) = Program::serve(serve).await;
    let fault = r#"{"kind":"slow","delay_ms":1500,"times":1}"#;
    let faults = client().post(format!("{vault}/_sandbox/faults")).body(fault).send().await;
    assert_eq!(faults.expect("an answer").status(), 204);
    let in_flight = tokio::spawn(async move { import(&base, &key, "", DOCUMENTED).await });
    loop {
        let counted = client().get(format!("{vault}/_sandbox/requests")).send().await;
        let counted = counted.expect("an answer").text().await.expect("text");
        if counted.contains("\"total\":1") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    server.signal(signal).await;
    let answer = in_flight.await.expect("no panic");
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(server.ended().await, Some(0));
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_terminate_it_finishes_the_request_in_flight() {
    told_to_stop_with_a_request_in_flight("TERM").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn interrupted_it_finishes_the_request_in_flight() {
    told_to_stop_with_a_request_in_flight("INT").await;
}

/// What is told of the first job, but for the first piece.
pub(crate) async fn watch(base: &str, key: &str) -> Response {
    let events = client()
        .get(format!("{base}/v1/paymentMethodImport/Stripe/jobs/1/events"))
        .header("authorization", format!("Basic {key}"));
    let mut events = events.send().await.expect("an answer");
    let first = events.chunk().await.expect("a piece").expect("an event");
    assert!(first.starts_with(b"event: progress"), "{first:?}");
    events
}

/// The same of a job that nobody works on.
pub(crate) async fn watched(backend: &Backend, base: &str) -> Response {
    let key = backend.key().await;
    let jobs = format!("{base}/v1/paymentMethodImport/Stripe/jobs");
    let made = client()
        .post(&jobs)
        .header("authorization", format!("Basic {key}"))
        .header("content-type", "text/csv")
        .body("customerId,stripeCustomerId\n1,cus_1\n");
    assert_eq!(made.send().await.expect("an answer").status(), 200);
    watch(base, &key).await
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_terminate_it_ends_the_events_of_a_job_that_goes_on() {
    let backend = Backend::sqlite();
    let serve = backend
        .run(&["serve", "--listen", "127.0.0.1:0"])
        .env("STRIPE_API_KEY", "sk_test_1")
        .env("CARDLIFT_SHUTDOWN_TIMEOUT", "30");
    let (mut server, base) = Program::serve(serve).await;
    let events = watched(&backend, &base).await;
    let told = Instant::now();
    server.signal("TERM").await;
    let ends = async { events.text().await.expect("an answer that was not cut off") };
    timeout(Duration::from_secs(10), ends).await.expect("they end");
    assert_eq!(server.ended().await, Some(0));
    assert!(told.elapsed() < Duration::from_secs(15), "it waited for who listens");
}
