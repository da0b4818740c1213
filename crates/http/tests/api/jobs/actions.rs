//! What is done with jobs.

use std::time::Duration;

use cardlift_core::ports::Leave;
use rstest::rstest;
use serde_json::{Value, json};

use super::worker::Worker;
use super::{JOBS, act, state, three};
use crate::harness::World;

/// Imports two of three rows, and leaves the job finished.
pub(crate) async fn finished() -> World {
    let world = three().await;
    assert_eq!(act(&world, "start").await.json()["state"], "running");
    let worker = Worker::new(&world).await;
    worker.settle(3).await;
    worker.leave(Leave::Done).await;
    world
}

#[actix_web::test]
async fn a_job_is_started_paused_resumed_and_cancelled() {
    let world = three().await;
    world.pass(Duration::from_secs(5));
    let started = act(&world, "start").await.json();
    assert_eq!(started["startedTimestamp"], "2027-01-15T08:00:05Z");
    assert_eq!(
        (&started["modifiedTimestamp"], &started["finishedTimestamp"]),
        (&started["startedTimestamp"], &Value::Null)
    );
    for (action, state) in [("Pause", "paused"), ("resume/", "running"), ("CANCEL", "cancelled")] {
        let answer = act(&world, action).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["state"]), (200, &json!(state)));
    }
}

#[actix_web::test]
async fn a_canary_is_so_many_rows() {
    let world = three().await;
    let answer = act(&world, "start?canary=0").await;
    let value = "canary must be a whole number from 1 to 4294967295.";
    assert_eq!((answer.status.as_u16(), answer.values()), (400, vec![value.into()]));
    assert_eq!(act(&world, "start?canary=2").await.json()["canaryRows"], 2);
    assert_eq!(act(&world, "pause?canary=0").await.status, 200, "only a start looks at it");
}

#[actix_web::test]
async fn failures_are_tried_again() {
    let world = finished().await;
    let job = world.ask("GET", &format!("{JOBS}/1")).await.json();
    assert_eq!((&job["state"], &job["vaultCalls"]), (&json!("finished"), &json!(1)));
    assert_eq!(job["results"], json!({"card_not_found": 1, "imported": 2}));
    assert_eq!(job["finishedTimestamp"], job["modifiedTimestamp"]);
    let job = act(&world, "retry").await.json();
    assert_eq!((&job["state"], &job["pendingRows"]), (&json!("running"), &json!(1)));
    assert_eq!((&job["results"], &job["failed"]), (&json!({"imported": 2}), &json!(0)));
}

#[actix_web::test]
async fn what_a_job_brought_in_is_deleted() {
    let world = finished().await;
    let list = "/v1/customers/1/paymentMethods/all";
    assert_eq!(world.ask("GET", list).await.header("x-maxcount"), Some("2"));
    assert_eq!(act(&world, "undo").await.json()["state"], "undoing");
    let worker = Worker::new(&world).await;
    worker.undo().await;
    worker.leave(Leave::Done).await;
    assert_eq!(state(&world).await, "undone null");
    assert_eq!(world.ask("GET", list).await.header("x-maxcount"), Some("0"));
}

#[rstest]
#[case("pause", "Job 1 is ready: it can't be paused.")]
#[case("resume", "Job 1 is ready: it can't be resumed.")]
#[case("retry", "Job 1 is ready: it can't be retried.")]
#[case("undo", "Job 1 is ready: it can't be undone.")]
#[actix_web::test]
async fn what_is_not_possible_says_what_the_job_is(#[case] action: &str, #[case] value: &str) {
    let world = three().await;
    let answer = act(&world, action).await;
    assert_eq!((answer.status.as_u16(), answer.values()), (409, vec![value.into()]));
    assert_eq!(state(&world).await, "ready null");
}
