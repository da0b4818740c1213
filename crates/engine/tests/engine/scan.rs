//! Scans: everything is read once, in lanes, and goes on where it stood.

use std::collections::HashSet;

use cardlift_core::job::{CardChoice, JobAction, JobOptions, JobState, ReadingChoice};
use cardlift_core::ports::{JobQueue, JobWork, WorkerId};

use crate::harness::{Bench, Want, options};
use crate::vault::Fault;

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("cus_{number:04}")).collect()
}

fn wants(names: &[String]) -> Vec<Want<'_>> {
    (2..).zip(names).map(|(line, name)| (line, 1, name.as_str(), "card_a")).collect()
}

async fn filled(count: usize) -> (Bench, Vec<String>) {
    let (bench, names) = (Bench::new().await, names(count));
    for name in &names {
        bench.vault.hold(name, &["card_a"]);
    }
    (bench, names)
}

#[tokio::test]
async fn an_account_is_read_page_by_page_and_nothing_by_itself() {
    let (bench, names) = filled(250).await;
    let job = bench.job(options(ReadingChoice::Scan), &wants(&names)).await;
    bench.work().await;
    let job = bench.state(job).await;
    assert_eq!((job.state, job.settled, job.tally.failed()), (JobState::Finished, 250, 0));
    let asked = bench.vault.asked();
    assert!(asked.iter().all(|what| what == "page"), "{asked:?}");
    assert!(asked.len() < 60, "25 pages, and some more where pieces end: {}", asked.len());
}

#[tokio::test]
async fn what_a_scan_does_not_show_is_read_by_itself() {
    let (bench, names) = filled(15).await;
    let many: Vec<_> = (0..30).map(|number| format!("card_m{number:02}")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    bench.vault.hold("cus_many", &many);
    bench.vault.hold("cus_pm", &["card_x", "pm_y"]);
    let mut rows = wants(&names);
    rows.extend([
        (90, 1, "cus_many", "card_m29"),
        (91, 1, "cus_pm", "pm_y"),
        (92, 1, "cus_gone", "card_a"),
        (93, 1, "cus_0001", "card_gone"),
        (94, 777, "cus_0002", "card_a"),
        (95, 2, "cus_many", ""),
    ]);
    let job = bench.job(options(ReadingChoice::Scan), &rows).await;
    bench.work().await;
    let outcomes = bench.outcomes(job).await;
    assert_eq!(
        outcomes[15..],
        [
            (90, "imported"),
            (91, "imported"),
            (92, "vault_customer_not_found"),
            (93, "card_not_found"),
            (94, "customer_not_found"),
            (95, "imported"),
        ]
    );
    let mut asked = bench.vault.asked();
    asked.retain(|what| what != "page");
    asked.sort();
    assert_eq!(asked, ["card cus_gone/card_a", "card cus_many/card_m29", "card cus_pm/pm_y"]);
}

#[tokio::test]
async fn a_scan_for_every_card_reads_long_lists_on() {
    let bench = Bench::new().await;
    let cards: Vec<_> = (0..25).map(|number| format!("card_{number:02}")).collect();
    let cards: Vec<_> = cards.iter().map(String::as_str).collect();
    bench.vault.hold("cus_1", &cards);
    bench.vault.hold("cus_2", &["pm_a", "card_b"]);
    let all = JobOptions { cards: CardChoice::All, ..options(ReadingChoice::Scan) };
    let job = bench.job(all, &[(2, 1, "cus_1", ""), (3, 2, "cus_2", "")]).await;
    bench.work().await;
    let job = bench.state(job).await;
    assert_eq!((job.settled, job.tally.total(), job.tally.failed()), (2, 27, 0));
}

#[tokio::test]
async fn a_scan_that_was_cut_off_asks_for_nothing_again_that_was_settled() {
    let (bench, names) = filled(400).await;
    let job = bench.job(options(ReadingChoice::Scan), &wants(&names)).await;
    let engine = bench.engine("w");
    let mut cut_off = 0;
    // Each round is cut off after some more steps: its future is dropped wherever it stands, as
    // it is in a process that is killed.
    for steps in 1..2_000 {
        let working = engine.work_once(&bench.stop);
        let cut = tokio::time::timeout(std::time::Duration::ZERO, async {
            let mut working = std::pin::pin!(working);
            for _ in 0..steps {
                if futures_util::poll!(working.as_mut()).is_ready() {
                    return true;
                }
            }
            false
        });
        if cut.await.unwrap_or(true) || bench.state(job).await.state == JobState::Finished {
            break;
        }
        cut_off += 1;
        bench.clock.pass(16);
    }
    bench.clock.pass(16);
    bench.work().await;
    let done = bench.state(job).await;
    assert_eq!((done.state, done.settled, done.tally.failed()), (JobState::Finished, 400, 0));
    assert_eq!(done.tally.total(), 400, "nothing twice");
    assert!(cut_off > 3, "it was cut off {cut_off} times");
}

#[tokio::test]
async fn a_scan_goes_on_with_the_pieces_that_are_not_done() {
    let (bench, names) = filled(100).await;
    let job = bench.job(options(ReadingChoice::Scan), &wants(&names)).await;
    bench.vault.fail(&[Fault::Refused]);
    bench.work().await;
    assert_eq!(bench.state(job).await.state, JobState::Paused);
    bench.act(job, JobAction::Resume).await;
    let before = bench.vault.asked().len();
    bench.work().await;
    assert_eq!(bench.state(job).await.settled, 100);
    // What is written of its pieces is theirs alone: no second stands in two of them.
    bench.act(job, JobAction::Undo).await;
    let (worker, now) = (WorkerId("look".into()), cardlift_core::Timestamp::UNIX_EPOCH);
    let taken = bench.stores.acquire(&worker, None, now, now).await.expect("asked");
    let (lease, _) = taken.expect("a job");
    let pieces = bench.stores.pieces(&lease).await.expect("pieces");
    assert!(pieces.iter().all(|piece| piece.done));
    let ids: HashSet<_> = pieces.iter().map(|piece| piece.id).collect();
    assert_eq!(ids.len(), pieces.len());
    assert!(bench.vault.asked().len() > before);
}

#[tokio::test]
async fn a_page_that_can_not_be_read_costs_no_row() {
    let (bench, names) = filled(60).await;
    bench.vault.fail(&[Fault::Unreadable]);
    let job = bench.job(options(ReadingChoice::Scan), &wants(&names)).await;
    bench.work().await;
    let job = bench.state(job).await;
    assert_eq!((job.state, job.settled, job.tally.failed()), (JobState::Finished, 60, 0));
    assert!(bench.vault.asked().iter().any(|what| what.starts_with("card ")), "one by one");
}

#[tokio::test]
async fn customers_that_are_deleted_while_they_are_read_cost_no_row() {
    let (bench, names) = filled(100).await;
    bench.vault.fade(3);
    let job = bench.job(options(ReadingChoice::Scan), &wants(&names)).await;
    bench.work().await;
    let job = bench.state(job).await;
    assert_eq!((job.state, job.settled, job.tally.failed()), (JobState::Finished, 100, 0));
    assert!(bench.vault.asked().iter().all(|what| what == "page"), "{:?}", bench.vault.asked());
}
