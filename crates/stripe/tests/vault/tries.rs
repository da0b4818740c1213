//! How often the vault is asked, and how many at once.

use std::time::Duration;

use cardlift_core::ports::VaultError;
use metrics_util::CompositeKey;
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use rstest::rstest;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::harness::{CARD, CUSTOMER, builder, read, server, two_shapes, vault};
use crate::idle::{End, OnceEach};
use crate::trouble::{connections_of_calls, most_at_once};

async fn asked(server: &MockServer) -> usize {
    server.received_requests().await.expect("recorded").len()
}

fn card() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(two_shapes().0)
}

#[rstest]
#[case(500, None, 3)]
#[case(503, None, 3)]
#[case(409, None, 3)]
#[case::at_first_over_the_pool_besides(408, None, 4)]
#[case(429, None, 3)]
#[case(500, Some("false"), 1)]
#[case(400, Some("true"), 3)]
#[case(404, None, 1)]
#[case(401, None, 1)]
#[tokio::test]
async fn what_may_pass_is_tried_again_and_nothing_else(
    #[case] status: u16,
    #[case] should_retry: Option<&str>,
    #[case] expected: usize,
) {
    let mut answer = ResponseTemplate::new(status);
    if let Some(should) = should_retry {
        answer = answer.insert_header("Stripe-Should-Retry", should);
    }
    let server = server(answer).await;
    read(&vault(&server.uri()), CUSTOMER, CARD).await.expect_err("an error");
    assert_eq!(asked(&server).await, expected);
}

#[tokio::test]
async fn a_failure_that_passes_is_not_seen() {
    let server = MockServer::start().await;
    let failures = ResponseTemplate::new(429);
    Mock::given(any()).respond_with(failures).up_to_n_times(2).mount(&server).await;
    Mock::given(any()).respond_with(card()).mount(&server).await;
    read(&vault(&server.uri()), CUSTOMER, CARD).await.expect("the third try");
    assert_eq!(asked(&server).await, 3);
}

#[tokio::test]
async fn without_retries_it_is_asked_once() {
    let server = server(ResponseTemplate::new(500)).await;
    let vault = builder(&server.uri()).retries(0).build().expect("a vault");
    read(&vault, CUSTOMER, CARD).await.expect_err("an error");
    assert_eq!(asked(&server).await, 1);
}

#[tokio::test]
async fn a_wait_longer_than_the_call_may_take_is_handed_to_the_caller() {
    let answer = ResponseTemplate::new(429).insert_header("Retry-After", "120");
    let server = server(answer).await;
    match read(&vault(&server.uri()), CUSTOMER, CARD).await {
        Err(VaultError::Throttled { retry_after }) => {
            assert_eq!(retry_after, Duration::from_secs(120));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(asked(&server).await, 1);
}

#[tokio::test]
async fn when_everything_fails_the_budget_keeps_retries_from_doubling_the_load() {
    let server = server(ResponseTemplate::new(429)).await;
    let vault = vault(&server.uri());
    for _ in 0..100 {
        read(&vault, CUSTOMER, CARD).await.expect_err("throttled");
    }
    assert_eq!(asked(&server).await, 150, "100 calls and 50 retries");
}

#[tokio::test]
async fn a_vault_that_is_down_is_left_alone() {
    let server = server(ResponseTemplate::new(500)).await;
    let open_for = Duration::from_secs(600);
    let vault = builder(&server.uri()).breaker(5, open_for).build().expect("a vault");
    for _ in 0..20 {
        match read(&vault, CUSTOMER, CARD).await {
            Err(VaultError::Unavailable { retry_after, .. }) => assert!(retry_after <= open_for),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(asked(&server).await, 5);
}

#[tokio::test]
async fn a_probe_finds_out_that_the_vault_is_back() {
    let server = MockServer::start().await;
    let failures = ResponseTemplate::new(500);
    Mock::given(any()).respond_with(failures).up_to_n_times(3).mount(&server).await;
    Mock::given(any()).respond_with(card()).mount(&server).await;
    let vault = builder(&server.uri()).breaker(3, Duration::ZERO).build().expect("a vault");
    read(&vault, CUSTOMER, CARD).await.expect_err("down");
    read(&vault, CUSTOMER, CARD).await.expect("back");
}

/// Stripe locks a customer while it serves a request about it.
#[tokio::test]
async fn one_customer_is_asked_about_one_at_a_time() {
    assert_eq!(most_at_once(16, 1).await, 1);
}

/// The server answers no one until two have asked.
#[tokio::test]
async fn two_customers_are_asked_about_at_once() {
    assert_eq!(most_at_once(2, 2).await, 2);
}

/// Counters by their names and outcomes.
type Counters = Vec<(String, Option<String>, u64)>;

/// What is counted while this is done.
fn counters(work: impl Future<Output = ()>) -> Counters {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    metrics::with_local_recorder(&recorder, || runtime.expect("a runtime").block_on(work));
    let counter = |(key, _, _, value): (CompositeKey, _, _, DebugValue)| {
        let DebugValue::Counter(count) = value else { return None };
        let outcome = key.key().labels().find(|label| label.key() == "outcome");
        let outcome = outcome.map(|label| label.value().to_owned());
        Some((key.key().name().to_owned(), outcome, count))
    };
    snapshotter.snapshot().into_vec().into_iter().filter_map(counter).collect()
}

fn counted(counters: &Counters, name: &str, outcome: Option<&str>) -> u64 {
    let same = |row: &&(String, Option<String>, u64)| row.0 == name && row.1.as_deref() == outcome;
    counters.iter().find(same).map_or(0, |row| row.2)
}

#[test]
fn tries_are_counted_by_their_outcome_and_retries_besides() {
    let counters = counters(async {
        let server = MockServer::start().await;
        let throttled = ResponseTemplate::new(429);
        Mock::given(any()).respond_with(throttled).up_to_n_times(2).mount(&server).await;
        Mock::given(any()).respond_with(card()).mount(&server).await;
        read(&vault(&server.uri()), CUSTOMER, CARD).await.expect("the third try");
    });
    let requests = |outcome| counted(&counters, "cardlift_vault_requests_total", Some(outcome));
    assert_eq!((requests("throttled"), requests("ok")), (2, 1));
    assert_eq!(counted(&counters, "cardlift_vault_retries_total", None), 2);
}

#[rstest]
#[case(End::Close, "unanswered")]
#[case(End::CutBody, "cut_off")]
#[case(End::TimedOut, "unanswered")]
fn what_an_idle_connection_lost_is_counted_and_is_no_retry(
    #[case] end: End,
    #[case] outcome: &str,
) {
    let counters = counters(async {
        let (base, _) = OnceEach { together: 1, end }.start().await;
        let vault = vault(&base);
        for _ in 0..2 {
            read(&vault, CUSTOMER, CARD).await.expect_err("not there");
        }
    });
    let requests = |outcome| counted(&counters, "cardlift_vault_requests_total", Some(outcome));
    assert_eq!((requests("not_found"), requests(outcome)), (2, 1));
    assert_eq!(counted(&counters, "cardlift_vault_retries_total", None), 0);
}

#[tokio::test]
async fn one_connection_serves_one_call_after_the_other() {
    assert_eq!(connections_of_calls(5).await, 1);
}
