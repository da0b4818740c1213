//! How jobs go on.

use std::time::Duration;

use cardlift_core::ports::Leave;
use serde_json::Value;
use tokio::time::sleep;

use super::worker::Worker;
use super::{JOBS, act, three};
use crate::harness::{Answer, World};

pub(super) async fn events(world: &World) -> Answer {
    world.ask("GET", &format!("{JOBS}/1/events")).await
}

/// Each event: its name, and the job's state and pending rows; or the comment. What is said of the
/// pace is looked at, and left out.
pub(super) fn told(answer: &Answer) -> Vec<String> {
    let text = String::from_utf8(answer.body.clone()).expect("text");
    assert!(text.ends_with("\n\n"));
    let event = |event: &str| match event.split_once('\n') {
        None => event.to_owned(),
        Some((name, data)) => {
            let name = name.strip_prefix("event: ").expect("a name");
            let data = data.strip_prefix("data: ").expect("data");
            let told: Value = serde_json::from_str(data).expect("JSON on one line");
            if name == "pace" {
                assert!(
                    told["rowsPerSecond"].is_f64() && told["callsPerSecond"].is_f64(),
                    "{told}"
                );
                return String::new();
            }
            format!("{name} {} {}", told["state"].as_str().expect("a state"), told["pendingRows"])
        }
    };
    text.trim_end_matches('\n').split("\n\n").map(event).filter(|event| !event.is_empty()).collect()
}

#[actix_web::test]
async fn a_job_at_rest_is_told_at_once_and_the_events_end() {
    let world = three().await;
    act(&world, "cancel").await;
    let answer = events(&world).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/event-stream"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-accel-buffering"), Some("no"));
    assert_eq!(told(&answer), ["progress cancelled 3", "end cancelled 3"]);
}

#[actix_web::test]
async fn each_change_is_told_until_the_job_is_finished() {
    let world = three().await;
    act(&world, "start").await;
    tokio::time::pause();
    let work = async {
        let worker = Worker::new(&world).await;
        sleep(Duration::from_millis(2_500)).await;
        worker.settle(1).await;
        sleep(Duration::from_secs(20)).await;
        worker.settle(2).await;
        sleep(Duration::from_secs(3)).await;
        worker.leave(Leave::Done).await;
    };
    let (answer, ()) = futures_util::join!(events(&world), work);
    let expected = [
        "progress running 3",
        "progress running 2",
        ":",
        "progress running 0",
        "progress finished 0",
        "end finished 0",
    ];
    assert_eq!(told(&answer), expected);
}

#[actix_web::test]
async fn a_silent_job_is_told_of_by_comments_until_it_is_paused() {
    let world = three().await;
    act(&world, "start").await;
    tokio::time::pause();
    let work = async {
        sleep(Duration::from_secs(46)).await;
        act(&world, "pause").await;
    };
    let (answer, ()) = futures_util::join!(events(&world), work);
    assert_eq!(
        told(&answer),
        ["progress running 3", ":", ":", ":", "progress paused 3", "end paused 3"]
    );
}

#[actix_web::test]
async fn the_events_end_when_the_server_is_told_to_stop() {
    let mut world = three().await;
    act(&world, "start").await;
    tokio::time::pause();
    world.stop_after(Duration::from_millis(16_500));
    let began = tokio::time::Instant::now();
    assert_eq!(told(&events(&world).await), ["progress running 3", ":"]);
    assert_eq!(began.elapsed().as_secs(), 16);
    // Whoever comes later is told where it stands, and that is all.
    assert_eq!(told(&events(&world).await), ["progress running 3"]);
}
