//! Faults, as a client meets them.

use cardlift_sandbox::{DOCUMENTED_CARD, DOCUMENTED_CUSTOMER, Fault, FaultKind};
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::Visit;

fn documented() -> String {
    format!("/v1/customers/{DOCUMENTED_CUSTOMER}/sources/{DOCUMENTED_CARD}")
}

#[rstest]
#[case(FaultKind::RateLimit, 429, Some("rate_limit"))]
#[case(FaultKind::LockTimeout, 429, Some("lock_timeout"))]
#[case(FaultKind::ServerError, 500, None)]
#[case(FaultKind::Unauthorized, 401, None)]
#[case(FaultKind::Forbidden, 403, None)]
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_looks_as_the_api_s_does(
    #[case] kind: FaultKind,
    #[case] status: u16,
    #[case] code: Option<&str>,
) {
    let visit = Visit::to(0);
    visit.sandbox.set_fault(Fault { times: Some(1), ..Fault::always(kind) });
    let (answered, body) = visit.answer(&documented()).await;
    assert_eq!(answered, status);
    assert_eq!(body["error"]["code"].as_str(), code);
    visit.get(&documented()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_answer_breaks_off_and_a_malformed_one_does_not_parse() {
    let visit = Visit::to(0);
    visit.sandbox.set_fault(Fault { times: Some(1), ..Fault::always(FaultKind::Cut) });
    let whole = match visit.request(&documented()).send().await {
        Ok(begun) => begun.bytes().await,
        Err(error) => Err(error),
    };
    assert!(whole.is_err(), "it breaks off");
    visit.sandbox.set_fault(Fault { times: Some(1), ..Fault::always(FaultKind::Malformed) });
    let response = visit.request(&documented()).send().await.expect("an answer");
    let body = response.bytes().await.expect("a whole body");
    assert!(serde_json::from_slice::<Value>(&body).is_err());
    visit.sandbox.set_fault(Fault::always(FaultKind::Oversized));
    let response = visit.request(&documented()).send().await.expect("an answer");
    assert_eq!(response.bytes().await.expect("a whole body").len(), 9 * 1024 * 1024);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_answer_comes_in_the_end_and_requests_are_counted_meanwhile() {
    let visit = Visit::to(0);
    visit.sandbox.set_fault(Fault {
        delay_ms: Some(50),
        times: Some(1),
        ..Fault::always(FaultKind::Slow)
    });
    visit.get(&documented()).await;
    visit.get(&documented()).await;
    assert_eq!(visit.sandbox.requests().total, 2);
    assert_eq!(visit.sandbox.requests().most_at_once_for_a_customer, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_set_over_http_as_well() {
    let visit = Visit::to(0);
    let faults = format!("{}/_sandbox/faults", visit.sandbox.base_url());
    let set = |fault: Value| visit.client().post(&faults).json(&fault).send();
    let by_id = json!({"kind": "server_error", "id": DOCUMENTED_CARD});
    assert_eq!(set(by_id).await.expect("an answer").status(), 204);
    assert_eq!(visit.answer(&documented()).await.0, 500);
    visit.get(&format!("/v1/customers/{DOCUMENTED_CUSTOMER}")).await;
    visit.client().delete(&faults).send().await.expect("an answer");
    visit.get(&documented()).await;
    for wrong in [json!({"kind": "fire"}), json!({"kind": "cut", "rate": 2}), json!({"kin": 1})] {
        assert_eq!(set(wrong).await.expect("an answer").status(), 400);
    }
    let requests = format!("{}/_sandbox/requests", visit.sandbox.base_url());
    let counted = visit.client().get(requests).send().await.expect("an answer");
    let counted: Value = counted.json().await.expect("JSON");
    assert_eq!(counted["total"], 3);
}
