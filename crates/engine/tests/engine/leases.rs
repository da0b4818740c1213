//! One worker at a job: whoever was away for too long writes nothing any more.

use std::time::Duration;

use cardlift_core::audit::AuditBatch;
use cardlift_core::job::{JobState, ReadingChoice};
use cardlift_core::ports::AuditTrail as _;
use cardlift_engine::{EngineError, Worked};

use crate::harness::{ACCOUNT, Bench, options};
use crate::vault::Fault;

const ROW: (u64, i64, &str, &str) = (2, 1, "cus_1", "card_a");

#[tokio::test(start_paused = true)]
async fn a_worker_that_was_away_for_longer_than_its_lease_writes_nothing() {
    let bench = Bench::new().await;
    bench.vault.hold("cus_1", &["card_a"]);
    // Its first call is answered late: meanwhile its lease ends, and another finishes the job.
    bench.vault.fail(&[Fault::Throttled]);
    let job = bench.job(options(ReadingChoice::Customers), &[ROW]).await;
    let (slow, quick) = (bench.engine("slow"), bench.engine("quick"));
    let mut away = Box::pin(slow.work_once(&bench.stop));
    assert!(futures_util::poll!(away.as_mut()).is_pending());
    bench.clock.pass(16);
    assert_eq!(quick.work_once(&bench.stop).await.expect("it worked"), Worked::Job);
    assert_eq!(bench.state(job).await.state, JobState::Finished);
    let before = bench.state(job).await;
    let woke = tokio::time::timeout(Duration::from_secs(60), away).await.expect("it ends");
    assert!(matches!(woke, Err(EngineError::TakenOver)), "{woke:?}");
    assert_eq!(bench.state(job).await, before);
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_is_told_to_stop_gives_its_job_back() {
    let bench = Bench::new().await;
    bench.vault.hold("cus_1", &["card_a"]);
    bench.vault.fail(&[Fault::Throttled; 50]);
    let job = bench.job(options(ReadingChoice::Customers), &[ROW]).await;
    let engine = bench.engine("w");
    let running = engine.run(bench.stop.clone());
    let stopping = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        bench.stopper.stop();
    };
    tokio::join!(running, stopping);
    assert_eq!(bench.state(job).await.state, JobState::Running);
    let (_stopper, stop) = cardlift_engine::stop_signal();
    let other = bench.engine("other").work_once(&stop).await.expect("it worked");
    assert_eq!(other, Worked::Job, "no lease has to end first");
    assert_eq!(bench.outcomes(job).await, [(2, "imported")]);
}

#[tokio::test(start_paused = true)]
async fn what_is_changed_for_a_job_is_changed_by_the_job() {
    let bench = Bench::new().await;
    bench.vault.hold("cus_1", &["card_a"]);
    let job = bench.job(options(ReadingChoice::Customers), &[ROW]).await;
    let before = bench.stores.batches(ACCOUNT, None, 100).await.expect("read").len();
    assert_eq!(bench.engine("w").work_once(&bench.stop).await.expect("it worked"), Worked::Job);
    let batches = bench.stores.batches(ACCOUNT, None, 100).await.expect("read");
    let told: Vec<_> = batches.iter().skip(before).flat_map(AuditBatch::entries).collect();
    assert!(told.iter().any(|entry| entry.item.contains("payment_method.imported")), "{told:?}");
    let by = format!("\"by\":{{\"job\":{job}}}");
    assert!(told.iter().all(|entry| entry.item.contains(&by)), "{told:?}");
}
