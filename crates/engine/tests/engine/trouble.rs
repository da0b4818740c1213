//! A vault in trouble: what passes costs no row, and what does not pauses the job.

use std::sync::Arc;
use std::time::Duration;

use cardlift_core::job::{HaltReason, JobAction, JobState, ReadingChoice};
use cardlift_core::ports::{CustomerRange, VaultCatalog as _, VaultError};
use cardlift_core::vault::VaultAccount;
use cardlift_engine::{PatientVault, Worked};

use crate::harness::{Bench, options};
use crate::vault::{FakeVault, Fault};

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

const LIMIT: Duration = Duration::from_secs(120);

/// What comes of a page for somebody who has patience, where the vault meets this; after how long.
async fn page(faults: &[Fault]) -> (Result<usize, VaultError>, Duration) {
    let vault = Arc::<FakeVault>::default();
    vault.hold("cus_1", &["card_a"]);
    vault.fail(faults);
    let patient = PatientVault::new(vault, LIMIT);
    let began = tokio::time::Instant::now();
    let range = CustomerRange { from: 0, to: None, after: None };
    let page = patient.customers(&VaultAccount::DEFAULT, range).await;
    (page.map(|page| page.items.len()), began.elapsed())
}

#[tokio::test(start_paused = true)]
async fn whoever_reads_without_a_job_meets_no_passing_trouble() {
    for fault in [Fault::Throttled, Fault::Unavailable] {
        let (page, _) = page(&[fault; 5]).await;
        assert_eq!(page.expect("a page"), 1, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_reads_without_a_job_is_told_where_it_does_not_pass() {
    let (met, after) = page(&[Fault::Unavailable; 500]).await;
    assert!(matches!(met, Err(VaultError::Unavailable { .. })), "{met:?}");
    assert!((LIMIT..LIMIT * 2).contains(&after), "{after:?}");
    let (met, after) = page(&[Fault::Refused]).await;
    assert!(matches!(met, Err(VaultError::CredentialsRefused)), "{met:?}");
    assert_eq!(after, Duration::ZERO);
}
