//! How a server ends.

use std::time::Duration;

use cardlift_tests::{Backend, DOCUMENTED, Program, Run, client, import};

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
