//! A server that is killed at any moment: nothing is lost, nothing is doubled, and the vault is
//! not asked again for what was written.

use std::collections::BTreeMap;
use std::time::Duration;

use cardlift_tests::{Backend, Program, Run};
use serde_json::Value;

use crate::harness::{Place, cards};

/// How often it is killed.
const KILLS: u32 = 20;

/// How long the end is waited for.
const PATIENCE: u32 = 600;

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_job_read_card_by_card_survives_being_killed() {
    let slow = ["--calls-per-second", "60"];
    let given = |line| {
        let row = line - 2;
        format!("/v1/customers/cus_Synthetic{row:07}/sources/card_Synthetic{row:07}")
    };
    let vault = Given { what: "answers", of_line: given };
    killed_and_killed_again(Backend::sqlite(), "customers", 3_000, &slow, vault).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_a_scan_survives_being_killed() {
    let slow = ["--calls-per-second", "10"];
    let vault = Given { what: "listed", of_line: |line| format!("cus_Synthetic{:07}", line - 2) };
    killed_and_killed_again(Backend::postgres().await, "scan", 30_000, &slow, vault).await;
}

/// Where the vault counts how often it gave out the card of a line.
struct Given {
    what: &'static str,
    of_line: fn(u64) -> String,
}

async fn killed_and_killed_again(
    backend: Backend,
    reading: &str,
    customers: usize,
    sandbox: &[&str],
    vault: Given,
) {
    let place = Place::new(backend, customers, sandbox).await;
    let undisturbed = expected(customers);
    let job = place.job(&rows(customers), &["--reading", reading]).await;
    place.succeed(&["job", "start", &job, "--no-wait"]).await;
    let (mut written, mut at_work) = (BTreeMap::new(), 0);
    for kill in 0..KILLS {
        let (mut server, _) = Program::serve(serve(&place)).await;
        // Another moment each time: once in three while it may still wait for the lease of the one
        // before, else when it is at work for sure.
        if kill % 3 != 0 {
            wait_for_more(&place, &job, written.len()).await;
        }
        tokio::time::sleep(Duration::from_millis(u64::from(kill * 7_919 % 400))).await;
        server.signal("KILL").await;
        server.ended().await;
        assert_eq!(place.status(&job).await["state"], "running", "killed {kill} times");
        let given = place.given(vault.what).await;
        let times = |line| given.get(&(vault.of_line)(line)).copied().unwrap_or_default();
        for (line, was) in &written {
            assert_eq!(times(*line), *was, "line {line} was asked for again");
        }
        let results = place.results(&job).await;
        let settled = results.into_iter().filter(|(_, outcome)| outcome != "pending");
        let before = written.len();
        written = settled.map(|((line, _), _)| (line, times(line))).collect();
        at_work += u32::from(written.len() > before);
    }
    assert!(at_work > KILLS / 2, "it was at work when it was killed: {at_work} times");
    let (server, _) = Program::serve(serve(&place)).await;
    wait_for_end(&place, &job).await;
    assert_eq!(server.stop().await, Some(0));
    assert_eq!(place.results(&job).await, undisturbed);
    let status = place.status(&job).await;
    assert_eq!(status["results"]["imported"], customers);
    assert_eq!(status["pendingRows"], 0);
    check_payment_methods(&place, customers).await;
}

/// The documented columns, and four rows that fail.
fn rows(customers: usize) -> String {
    let mut file = cards(0, customers);
    file.push_str("1,cus_Synthetic0000000,card_Gone\n");
    file.push_str("999999,cus_Synthetic0000001,\n");
    file.push_str("x,cus_Synthetic0000001,\n");
    file.push_str("1,cus_Synthetic0000000,card_Synthetic0000000\n");
    file
}

/// What an undisturbed run of these rows leaves.
fn expected(customers: usize) -> BTreeMap<(u64, usize), String> {
    let failures = ["card_not_found", "customer_not_found", "invalid_row", "duplicate_row"];
    let outcomes = std::iter::repeat_n("imported", customers).chain(failures);
    (2..).zip(outcomes).map(|(line, outcome)| ((line, 0), outcome.to_owned())).collect()
}

fn serve(place: &Place) -> Run {
    place.run(&["serve", "--listen", "127.0.0.1:0"]).env("CARDLIFT_JOB_LEASE", "1")
}

pub(crate) async fn wait_for_end(place: &Place, job: &str) {
    wait_until(place, job, |status| status["state"] == "finished").await;
}

/// Waits until more than so many rows are settled.
pub(crate) async fn wait_for_more(place: &Place, job: &str, than: usize) {
    let more = |status: &Value| status["settledRows"].as_u64() > u64::try_from(than).ok();
    wait_until(place, job, more).await;
}

async fn wait_until(place: &Place, job: &str, reached: impl Fn(&Value) -> bool) {
    for _ in 0..PATIENCE {
        if reached(&place.status(job).await) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("it does not come to that: {}", place.status(job).await);
}

/// Each customer has its one card, and no card is there twice.
async fn check_payment_methods(place: &Place, customers: usize) {
    let again = place.job(&rows(customers), &["--reading", "scan"]).await;
    // The same cards, from a vault that is not slow.
    let count = customers.to_string();
    let sandbox = ["sandbox", "--listen", "127.0.0.1:0", "--customers", &count];
    let (_quick, base) = Program::serve(Run::new(&sandbox)).await;
    let ran = place.run(&["job", "start", &again]).env("STRIPE_API_BASE", base).finish().await;
    assert_eq!(ran.code, Some(3), "{}{}", ran.stdout, ran.stderr);
    let status = place.status(&again).await;
    assert_eq!(status["results"]["unchanged"], customers, "{status}");
    assert_eq!(status["results"]["imported"], Value::Null, "{status}");
}
