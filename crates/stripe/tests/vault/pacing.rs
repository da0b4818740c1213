//! Who waits for a slot, and what a 429 slows.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::ports::{CardVault, VaultCatalog};
use cardlift_core::vault::VaultAccount;
use cardlift_stripe::{Rates, StripeVault};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use rstest::rstest;
use serde_json::json;
use tokio::sync::Barrier;
use wiremock::{MockServer, ResponseTemplate};

use crate::catalog::ALL;
use crate::harness::{CARD, CUSTOMER, builder, server, two_shapes};
use crate::trouble::gathering;

/// So high that nobody waits long in a test.
const RATES: Rates = Rates { overall: 1_000.0, per_endpoint: 500.0, live_share: 0.2 };

/// What was measured: `name`, or `name label`, and how often or how much.
type Measured = BTreeMap<String, String>;

fn measured(work: impl AsyncFnOnce()) -> Measured {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    metrics::with_local_recorder(&recorder, || runtime.expect("a runtime").block_on(work()));
    let row = |(key, value): (metrics_util::CompositeKey, DebugValue)| {
        let labels = key.key().labels().map(|label| format!(" {}", label.value()));
        let name = format!("{}{}", key.key().name(), labels.collect::<String>());
        let value = match value {
            DebugValue::Counter(count) => count.to_string(),
            DebugValue::Gauge(value) => value.to_string(),
            DebugValue::Histogram(values) => values.len().to_string(),
        };
        (name, value)
    };
    let rows = snapshotter.snapshot().into_vec().into_iter();
    rows.map(|(key, _, _, value)| row((key, value))).collect()
}

fn rate<'a>(measured: &'a Measured, of: &str) -> &'a str {
    &measured[&format!("cardlift_vault_rate {of}")]
}

async fn read(vault: &StripeVault) {
    let customer = ExternalCustomerId::parse(CUSTOMER).expect("an id");
    let card = ExternalCardId::parse(CARD).expect("an id");
    let _either_way = vault.read(&VaultAccount::DEFAULT, &customer, &card).await;
}

async fn list(vault: &StripeVault) {
    let _either_way = vault.customers(&VaultAccount::DEFAULT, ALL).await;
}

fn paced(server: &MockServer, rates: Option<Rates>) -> StripeVault {
    builder(&server.uri()).retries(0).rates(rates).build().expect("a vault")
}

#[test]
fn jobs_wait_for_slots_and_live_requests_do_not() {
    let card = || ResponseTemplate::new(200).set_body_json(two_shapes().0);
    let measured = measured(async || {
        let server = server(card()).await;
        // Twenty that wait would take twenty seconds.
        let slow = Rates { overall: 1.0, per_endpoint: 1.0, live_share: 0.0 };
        let vault = paced(&server, Some(slow));
        for _ in 0..20 {
            read(&vault).await;
        }
        let bulk = paced(&server, Some(RATES)).for_bulk();
        for _ in 0..3 {
            read(&bulk).await;
            list(&bulk).await;
        }
    });
    let waits = |endpoint| &measured[&format!("cardlift_vault_slot_wait_seconds {endpoint}")];
    assert_eq!([waits("read holding"), waits("list customers")], ["3", "3"]);
    assert_eq!([rate(&measured, "overall"), rate(&measured, "list customers")], ["1000", "500"]);
}

/// Each retry is a request, so each waits.
#[test]
fn a_retry_waits_for_a_slot_of_its_own() {
    let measured = measured(async || {
        let server = server(ResponseTemplate::new(500)).await;
        let vault = builder(&server.uri()).rates(Some(RATES)).build().expect("a vault");
        list(&vault.for_bulk()).await;
    });
    assert_eq!(measured["cardlift_vault_slot_wait_seconds list customers"], "3");
}

#[rstest]
#[case(Some("global-rate"), "rate_limit", "global_rate", "700", "500")]
#[case(Some("global-concurrency"), "rate_limit", "global_concurrency", "700", "500")]
#[case(Some("endpoint-rate"), "rate_limit", "endpoint_rate", "1000", "350")]
#[case(Some("endpoint-concurrency"), "rate_limit", "endpoint_concurrency", "1000", "350")]
#[case(Some("resource-specific"), "rate_limit", "resource_specific", "1000", "350")]
#[case(None, "rate_limit", "not_said", "700", "350")]
#[case(None, "lock_timeout", "lock_timeout", "1000", "500")]
fn a_429_slows_what_it_names(
    #[case] header: Option<&str>,
    #[case] code: &str,
    #[case] reason: &str,
    #[case] overall: &str,
    #[case] endpoint: &str,
) {
    let measured = measured(async || {
        let mut answer = ResponseTemplate::new(429).set_body_json(json!({"error": {"code": code}}));
        if let Some(header) = header {
            answer = answer.insert_header("Stripe-Rate-Limited-Reason", header);
        }
        let server = server(answer).await;
        list(&paced(&server, Some(RATES)).for_bulk()).await;
    });
    assert_eq!(measured[&format!("cardlift_vault_throttled_total {reason}")], "1");
    let rates = [rate(&measured, "overall"), rate(&measured, "list customers")];
    assert_eq!(rates, [overall, endpoint]);
}

#[test]
fn a_live_request_that_is_throttled_slows_jobs_too() {
    let measured = measured(async || {
        let server = server(ResponseTemplate::new(429)).await;
        read(&paced(&server, Some(RATES))).await;
    });
    assert_eq!(measured["cardlift_vault_rate overall"], "700");
}

#[test]
fn without_rates_nobody_waits_and_nothing_is_slowed() {
    let measured = measured(async || {
        let server = server(ResponseTemplate::new(429)).await;
        let vault = paced(&server, None);
        list(&vault.for_bulk()).await;
        read(&vault).await;
    });
    assert_eq!(measured["cardlift_vault_throttled_total not_said"], "2");
    let paced = |name: &&String| name.contains("slot_wait") || name.contains("vault_rate");
    assert_eq!(measured.keys().find(paced), None);
}

/// A job waits for its slots as long as it takes; the time for a call begins then.
#[tokio::test]
async fn a_wait_for_a_slot_does_not_count_as_the_vault_s_time() {
    let server = server(ResponseTemplate::new(200).set_body_json(two_shapes().0)).await;
    let rates = Rates { overall: 1.0, per_endpoint: 1.0, live_share: 0.0 };
    let vault = builder(&server.uri()).timeout(Duration::from_millis(900)).rates(Some(rates));
    let vault = vault.build().expect("a vault").for_bulk();
    let customer = ExternalCustomerId::parse(CUSTOMER).expect("an id");
    let card = ExternalCardId::parse(CARD).expect("an id");
    for _ in 0..2 {
        vault.read(&VaultAccount::DEFAULT, &customer, &card).await.expect("a card");
    }
}

/// The server answers no list before all are asked for.
#[tokio::test]
async fn lists_of_customers_do_not_wait_for_one_another() {
    let (base, most) = gathering(Arc::new(Barrier::new(4))).await;
    let vault = Arc::new(builder(&base).build().expect("a vault").for_bulk());
    let lists = (0..4).map(|_| {
        let vault = vault.clone();
        tokio::spawn(async move { list(&vault).await })
    });
    for list in lists.collect::<Vec<_>>() {
        list.await.expect("no panic");
    }
    assert_eq!(most.load(std::sync::atomic::Ordering::SeqCst), 4);
}

/// The handles share their turns: one request about a customer at once, live or not.
#[tokio::test]
async fn a_job_and_a_live_request_about_one_customer_take_turns() {
    let (base, most) = gathering(Arc::new(Barrier::new(1))).await;
    let live = builder(&base).build().expect("a vault");
    let bulk = live.for_bulk();
    let customer = ExternalCustomerId::parse(CUSTOMER).expect("an id");
    let ask = async || bulk.customer(&VaultAccount::DEFAULT, &customer).await;
    let _either_way = tokio::join!(ask(), ask(), ask(), read(&live));
    assert_eq!(most.load(std::sync::atomic::Ordering::SeqCst), 1);
}
