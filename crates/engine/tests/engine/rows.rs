//! Row by row: what is asked of the vault, and what becomes of the rows.

use cardlift_core::job::{
    CardChoice, HaltReason, JobAction, JobOptions, JobState, ReadingChoice, RunMode,
};
use cardlift_engine::Worked;

use crate::harness::{ACCOUNT, Bench, options};
use cardlift_core::customer::CustomerId;
use cardlift_core::page::{PageRequest, SortOrder};
use cardlift_core::ports::{PaymentMethodFilter, PaymentMethodStore};

const CUSTOMERS: ReadingChoice = ReadingChoice::Customers;

#[tokio::test]
async fn without_a_job_there_is_nothing_to_do() {
    assert_eq!(Bench::new().await.work().await, Worked::Idle);
}

#[tokio::test]
async fn a_single_card_is_read_by_itself_and_several_from_a_list() {
    let bench = Bench::new().await;
    bench.vault.hold("cus_1", &["card_a"]);
    bench.vault.hold("cus_2", &["card_b", "card_c", "pm_d"]);
    let rows = [
        (2, 1, "cus_1", "card_a"),
        (3, 2, "cus_2", "card_b"),
        (4, 2, "cus_2", "card_c"),
        (5, 2, "cus_2", "pm_d"),
    ];
    let job = bench.job(options(CUSTOMERS), &rows).await;
    assert_eq!(bench.work().await, Worked::Job);
    let imported = [2, 3, 4, 5].map(|line| (line, "imported"));
    assert_eq!(bench.outcomes(job).await, imported);
    let mut asked = bench.vault.asked();
    asked.sort();
    assert_eq!(asked, ["card cus_1/card_a", "card cus_2/pm_d", "list cus_2"]);
    let job = bench.state(job).await;
    assert_eq!((job.state, job.pending(), job.vault_calls), (JobState::Finished, 0, 3));
}

#[tokio::test]
async fn a_row_without_a_card_gets_the_default() {
    let bench = Bench::new().await;
    bench.vault.hold("cus_1", &["pm_default", "card_a"]);
    bench.vault.hold("cus_2", &[]);
    let rows = [(2, 1, "cus_1", ""), (3, 1, "cus_1", "card_a"), (4, 2, "cus_2", "")];
    let job = bench.job(options(CUSTOMERS), &rows).await;
    bench.work().await;
    assert_eq!(bench.outcomes(job).await, [(2, "imported"), (3, "imported"), (4, "no_card")]);
    assert_eq!(
        bench.vault.asked().len(),
        2,
        "the customer tells of both: {:?}",
        bench.vault.asked()
    );
}

#[tokio::test]
async fn every_card_of_a_customer_is_a_result() {
    let bench = Bench::new().await;
    let cards: Vec<_> = (0..25).map(|number| format!("card_{number:02}")).collect();
    let mut held: Vec<_> = cards.iter().map(String::as_str).collect();
    held.push("pm_x");
    bench.vault.hold("cus_1", &held);
    bench.vault.hold("cus_2", &[]);
    let all = JobOptions { cards: CardChoice::All, ..options(CUSTOMERS) };
    let job = bench.job(all, &[(2, 1, "cus_1", ""), (3, 2, "cus_2", "")]).await;
    bench.work().await;
    let job = bench.state(job).await;
    assert_eq!(
        job.tally.iter().map(|(outcome, count)| (outcome.name(), count)).collect::<Vec<_>>(),
        [("imported", 26), ("no_card", 1)]
    );
    assert_eq!((job.rows, job.settled), (2, 2));
}

#[tokio::test]
async fn the_vault_is_not_asked_for_a_customer_that_there_is_not() {
    let bench = Bench::new().await;
    let job = bench.job(options(CUSTOMERS), &[(2, 999, "cus_1", "card_a")]).await;
    bench.work().await;
    assert_eq!(bench.outcomes(job).await, [(2, "customer_not_found")]);
    assert!(bench.vault.asked().is_empty());
}

#[tokio::test]
async fn what_is_missing_is_told_by_the_vault() {
    let bench = Bench::new().await;
    bench.vault.hold("cus_1", &["card_a", "card_b"]);
    let rows =
        [(2, 1, "cus_1", "card_a"), (3, 1, "cus_1", "card_gone"), (4, 2, "cus_gone", "card_a")];
    let job = bench.job(options(CUSTOMERS), &rows).await;
    bench.work().await;
    let results = bench.results(job).await;
    let told: Vec<_> = results.iter().map(|row| row.detail.as_deref()).collect();
    assert_eq!(
        told,
        [None, Some("No such source: 'card_gone'"), Some("No such customer: 'cus_gone'"),]
    );
}

#[tokio::test]
async fn the_same_job_again_changes_nothing() {
    let bench = Bench::new().await;
    bench.vault.hold("cus_1", &["card_a"]);
    for outcome in ["imported", "unchanged"] {
        let job = bench.job(options(CUSTOMERS), &[(2, 1, "cus_1", "card_a")]).await;
        bench.work().await;
        assert_eq!(bench.outcomes(job).await, [(2, outcome)]);
    }
}

#[tokio::test]
async fn a_dry_run_tells_and_writes_nothing() {
    let bench = Bench::new().await;
    bench.vault.hold("cus_1", &["card_a"]);
    let dry = JobOptions { mode: RunMode::DryRun, ..options(CUSTOMERS) };
    let job = bench.job(dry, &[(2, 1, "cus_1", "card_a"), (3, 1, "cus_1", "card_x")]).await;
    bench.work().await;
    assert_eq!(bench.outcomes(job).await, [(2, "imported"), (3, "card_not_found")]);
    assert_eq!(held(&bench, 1).await, 0);
}

#[tokio::test]
async fn a_canary_tries_so_many_rows_and_then_it_goes_on() {
    let bench = Bench::new().await;
    let names: Vec<_> = (0..60).map(|number| format!("cus_{number:02}")).collect();
    for name in &names {
        bench.vault.hold(name, &["card_a"]);
    }
    let rows: Vec<_> =
        (2..).zip(&names).map(|(line, name)| (line, 1, name.as_str(), "card_a")).collect();
    let start = JobAction::Start { canary: Some(7) };
    let job = bench.started(options(ReadingChoice::Scan), &rows, start).await;
    bench.work().await;
    let paused = bench.state(job).await;
    assert_eq!((paused.state, paused.halt), (JobState::Paused, Some(HaltReason::CanaryDone)));
    assert_eq!((paused.settled, bench.vault.asked().len()), (7, 7));
    bench.act(job, JobAction::Resume).await;
    bench.work().await;
    let done = bench.state(job).await;
    assert_eq!((done.state, done.settled, done.halt), (JobState::Finished, 60, None));
}

#[tokio::test]
async fn rows_that_failed_are_tried_again() {
    let bench = Bench::new().await;
    let rows = [(2, 1, "cus_1", "card_a"), (3, 2, "cus_2", "card_b")];
    bench.vault.hold("cus_2", &["card_b"]);
    let job = bench.job(options(CUSTOMERS), &rows).await;
    bench.work().await;
    assert_eq!(bench.state(job).await.tally.failed(), 1);
    bench.vault.hold("cus_1", &["card_a"]);
    let store = &bench.stores;
    let now = cardlift_core::Timestamp::UNIX_EPOCH;
    let forgot = cardlift_core::ports::ImportJobStore::forget_failures;
    let last = forgot(store.as_ref(), ACCOUNT, job, None, now).await.expect("forgotten");
    assert_eq!(forgot(store.as_ref(), ACCOUNT, job, last, now).await.expect("forgotten"), None);
    bench.act(job, JobAction::Retry).await;
    bench.work().await;
    assert_eq!(bench.outcomes(job).await, [(2, "imported"), (3, "imported")]);
    assert_eq!(bench.vault.asked().len(), 3, "the one that went well is not asked for again");
}

#[tokio::test]
async fn undoing_deletes_what_the_job_created() {
    let bench = Bench::new().await;
    bench.vault.hold("cus_1", &["card_a"]);
    bench.vault.hold("cus_2", &["card_b"]);
    let first = bench.job(options(CUSTOMERS), &[(2, 1, "cus_1", "card_a")]).await;
    bench.work().await;
    let rows = [(2, 1, "cus_1", "card_a"), (3, 2, "cus_2", "card_b")];
    let second = bench.job(options(CUSTOMERS), &rows).await;
    bench.work().await;
    bench.act(second, JobAction::Undo).await;
    bench.work().await;
    assert_eq!(bench.state(second).await.state, JobState::Undone);
    assert_eq!(bench.state(first).await.state, JobState::Finished);
    assert_eq!((held(&bench, 1).await, held(&bench, 2).await), (1, 0));
}

#[tokio::test]
async fn undoing_deletes_a_default_that_the_job_created_too() {
    let bench = Bench::new().await;
    bench.vault.hold("cus_1", &["card_a", "card_b"]);
    let rows = [(2, 1, "cus_1", "card_a"), (3, 1, "cus_1", "card_b")];
    let job = bench.job(options(CUSTOMERS), &rows).await;
    bench.work().await;
    let first = bench.results(job).await.first().and_then(|row| row.payment_method);
    let now = cardlift_core::Timestamp::UNIX_EPOCH;
    let chosen = bench.stores.make_default(ACCOUNT, first.expect("its id"), None, now).await;
    assert!(chosen.expect("asked").is_some());
    bench.act(job, JobAction::Undo).await;
    bench.work().await;
    assert_eq!(held(&bench, 1).await, 0);
}

/// How many payment methods a customer has.
async fn held(bench: &Bench, customer: i64) -> u64 {
    let customer = CustomerId::try_from(customer).expect("an id");
    let filter = PaymentMethodFilter { customer, kind: None };
    let list = PaymentMethodStore::list;
    let (order, page) = (SortOrder::Ascending, PageRequest::default());
    list(bench.stores.as_ref(), ACCOUNT, filter, order, page).await.expect("a list").total
}
