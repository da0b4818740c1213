//! A vault in trouble: what passes costs no row, and what does not pauses the job.

use cardlift_core::job::{HaltReason, JobAction, JobState, ReadingChoice};
use cardlift_engine::Worked;

use crate::harness::{Bench, options};
use crate::vault::Fault;

const ROW: (u64, i64, &str, &str) = (2, 1, "cus_1", "card_a");

async fn met(faults: &[Fault]) -> (JobState, Option<HaltReason>, Vec<(u64, &'static str)>) {
    let bench = Bench::new().await;
    bench.vault.hold("cus_1", &["card_a"]);
    bench.vault.fail(faults);
    let job = bench.job(options(ReadingChoice::Customers), &[ROW]).await;
    assert_eq!(bench.work().await, Worked::Job);
    let outcomes = bench.outcomes(job).await;
    let job = bench.state(job).await;
    (job.state, job.halt, outcomes)
}

#[tokio::test(start_paused = true)]
async fn throttling_and_passing_trouble_cost_no_row() {
    for fault in [Fault::Throttled, Fault::Unavailable] {
        let met = met(&[fault; 5]).await;
        assert_eq!(met, (JobState::Finished, None, vec![(2, "imported")]), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_vault_that_stays_away_pauses_the_job() {
    let (state, halt, outcomes) = met(&[Fault::Unavailable; 500]).await;
    assert_eq!((state, halt), (JobState::Paused, Some(HaltReason::VaultUnavailable)));
    assert_eq!(outcomes, [(2, "pending")]);
}

#[tokio::test(start_paused = true)]
async fn credentials_that_are_refused_pause_the_job_and_cost_no_row() {
    let (state, halt, outcomes) = met(&[Fault::Refused]).await;
    assert_eq!((state, halt), (JobState::Paused, Some(HaltReason::VaultRefused)));
    assert_eq!(outcomes, [(2, "pending")]);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_was_paused_goes_on() {
    let bench = Bench::new().await;
    bench.vault.hold("cus_1", &["card_a"]);
    let job = bench.job(options(ReadingChoice::Customers), &[ROW]).await;
    bench.act(job, JobAction::Pause).await;
    assert_eq!(bench.work().await, Worked::Idle);
    bench.act(job, JobAction::Resume).await;
    assert_eq!(bench.work().await, Worked::Job);
    assert_eq!(bench.outcomes(job).await, [(2, "imported")]);
}
