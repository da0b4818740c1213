//! Limits, latency, and what is counted.

use std::time::{Duration, Instant};

use cardlift_sandbox::{DOCUMENTED_CUSTOMER, Sandbox, SandboxBuilder};
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::Visit;

#[rstest]
#[case(Sandbox::builder().calls_per_second(Some(1)), "global-rate")]
#[case(Sandbox::builder().calls_per_second_per_endpoint(Some(1)), "endpoint-rate")]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_is_turned_away_with_the_reason_and_counted(
    #[case] builder: SandboxBuilder,
    #[case] expected: &str,
) {
    let visit = Visit::with(builder);
    let mut turned_away = 0;
    for _ in 0..20 {
        let response = visit.request("/v1/customers").send().await.expect("an answer");
        if response.status() == 429 {
            turned_away += 1;
            assert_eq!(response.headers()["stripe-rate-limited-reason"], expected);
            let body: Value = response.json().await.expect("JSON");
            assert_eq!(body["error"]["code"], "rate_limit");
        }
    }
    let requests = visit.sandbox.requests();
    assert!(turned_away > 0);
    assert_eq!((requests.total, requests.throttled), (20, turned_away));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_answer_takes_its_time() {
    let visit = Visit::with(Sandbox::builder().latency(Duration::from_millis(30)));
    let started = Instant::now();
    visit.get("/v1/customers").await;
    assert!(started.elapsed() >= Duration::from_millis(30));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_out_is_counted_by_url_until_it_is_cleared() {
    let visit = Visit::to(250);
    let one = format!("/v1/customers/{DOCUMENTED_CUSTOMER}");
    for path in ["/v1/customers?limit=100", "/v1/customers?limit=7", &one, &one] {
        visit.get(path).await;
    }
    visit.answer("/v1/customers/cus_nobody").await;
    let counts = format!("{}/_sandbox/requests", visit.sandbox.base_url());
    let get = async |url: &str| -> Value {
        let response = visit.client().get(url).send().await.expect("an answer");
        response.json().await.expect("JSON")
    };
    let expected = json!({
        "total": 5,
        "by_endpoint": {"list customers": 2, "read customer": 3},
        "throttled": 0,
        "customers_listed": 107,
        "most_answers_of_one_url": 2,
        "most_at_once_for_a_customer": 1
    });
    assert_eq!(get(&counts).await, expected);
    let answers = get(&counts.replace("requests", "answers")).await;
    let expected =
        json!({"/v1/customers?limit=100": 1, "/v1/customers?limit=7": 1, one.as_str(): 2});
    assert_eq!(answers, expected);
    visit.client().delete(&counts).send().await.expect("an answer");
    assert_eq!(get(&counts).await["total"], 0);
    assert!(visit.sandbox.answers().is_empty());
}
