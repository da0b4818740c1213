//! What became of the rows of import jobs, what they still ask for, and trying them again.

use cardlift_core::job::{
    FailureReason, JobAction, JobState, NewJobRow, OutcomeFilter, RowOutcome,
};
use cardlift_core::ports::{Leave, Wanted};

use super::Subject;
use super::data::{ACCOUNT, at, bank_account, card, load_customers};
use super::job_data::{
    AtWork, act, brings, brings_its_card, brings_nothing, check_totals, find, invalid_row,
    lease_of, many_rows, options, receiving, results, results_of, row, row_of, target,
};
use super::jobs::{DUPLICATE, INVALID};

const NOT_FOUND: RowOutcome = RowOutcome::Failed(FailureReason::CardNotFound);

/// Line 1 is imported, 2 brings three, 3 is invalid, 4 a duplicate, 5 not found, 6 pending.
async fn six(stores: &Subject) -> AtWork {
    load_customers(stores, ACCOUNT, 1).await;
    let new = mixed_rows();
    let worker = AtWork::on(stores, &new).await;
    let three = vec![card("b").into(), card("c").into(), bank_account("d").into()];
    let findings = vec![brings_its_card(&new[0]), brings(&new[1], three), brings_nothing(&new[4])];
    worker.settle(findings).await;
    worker
}

fn mixed_rows() -> [NewJobRow; 6] {
    let all = row_of(2, "AExsNjBZDLMNDK", None, 1);
    let (lost, left) = (row(5, "lost", 1), row(6, "left", 1));
    [row(1, "a", 1), all, invalid_row(3), row(4, "a", 1), lost, left]
}

/// By whether there is an outcome, whether it is a failure, and which one it is.
pub async fn results_are_found_by_their_outcome(stores: Subject) {
    let worker = six(&stores).await;
    let places = async |filter| {
        let rows = results_of(&stores, worker.job(), filter).await;
        rows.iter().map(|row| (row.line, row.part)).collect::<Vec<_>>()
    };
    let every = [(1, 0), (2, 0), (2, 1), (2, 2), (3, 0), (4, 0), (5, 0), (6, 0)];
    assert_eq!(places(OutcomeFilter::Every).await, every);
    assert_eq!(places(OutcomeFilter::Pending).await, [(6, 0)]);
    assert_eq!(places(OutcomeFilter::Failed).await, [(3, 0), (4, 0), (5, 0)]);
    assert_eq!(places(OutcomeFilter::Only(INVALID)).await, [(3, 0)]);
    assert_eq!(places(OutcomeFilter::Only(DUPLICATE)).await, [(4, 0)]);
    assert_eq!(places(OutcomeFilter::Only(NOT_FOUND)).await, [(5, 0)]);
    assert_eq!(places(OutcomeFilter::Only(RowOutcome::Imported)).await, every[..4]);
    assert_eq!(places(OutcomeFilter::Only(RowOutcome::Restored)).await, []);
}

/// The pieces together are all of them, wherever a piece ends, and under a filter too.
pub async fn results_come_in_pieces_of_any_size(stores: Subject) {
    let worker = six(&stores).await;
    for filter in [OutcomeFilter::Every, OutcomeFilter::Failed, OutcomeFilter::Pending] {
        let whole = results_of(&stores, worker.job(), filter).await;
        for most in 1..=9 {
            let (mut rows, mut after) = (Vec::new(), None);
            loop {
                let piece = stores.results(ACCOUNT, worker.job(), filter, after, most).await;
                let piece = piece.expect("asked");
                assert!(u32::try_from(piece.len()).expect("a count") <= most);
                let Some(last) = piece.last() else { break };
                after = Some((last.line, last.part));
                rows.extend(piece);
            }
            assert_eq!(rows, whole, "{most}");
        }
    }
}

/// Lists are counted once for each customer of the vault, whoever asks for them.
pub async fn what_is_wanted_is_counted(stores: Subject) {
    let new = [
        row_of(1, "a", Some("card_1"), 1),
        row_of(2, "a", Some("ba_2"), 1),
        row_of(3, "a", Some("pm_3"), 1),
        row_of(4, "a", Some("pm_4"), 2),
        row_of(5, "a", None, 1),
        row_of(6, "a", None, 2),
        row_of(7, "b", None, 1),
        row_of(8, "b", None, 1),
        invalid_row(9),
    ];
    let job = receiving(&stores, &options(), &new).await;
    receiving(&stores, &options(), &[row_of(1, "z", None, 1)]).await;
    let wanted = Wanted::find(stores.as_ref(), ACCOUNT, job).await.expect("asked");
    assert_eq!(wanted, Wanted { rows: 7, customers: 2, lists: 4 });
}

/// Part by part, and each customer of the vault with all that is wanted of it, however much.
pub async fn what_many_rows_want_is_counted_part_by_part(stores: Subject) {
    let job = receiving(&stores, &options(), &[]).await;
    let vaults = ["a", "b", "c"].into_iter().zip([6_000, 11_000, 10]);
    let mut rows = Vec::new();
    for (vault, count) in vaults {
        for number in 0..count {
            let line = 1 + u64::try_from(rows.len()).expect("a count");
            let kind = if number % 2 == 0 { "card" } else { "pm" };
            rows.push(row_of(line, vault, Some(&format!("{kind}_{number}")), 1));
        }
    }
    for batch in rows.chunks(5_000) {
        stores.append(ACCOUNT, job, batch, at(3)).await.expect("appended");
    }
    let wanted = Wanted::find(stores.as_ref(), ACCOUNT, job).await.expect("asked");
    assert_eq!(wanted, Wanted { rows: 17_010, customers: 3, lists: 6 });
    let first = stores.wanted(ACCOUNT, job, None).await.expect("asked");
    assert!(first.wanted.rows < 17_010 && first.last.is_some(), "{first:?}");
}

/// What has its outcome is wanted no more.
pub async fn what_is_settled_is_not_wanted(stores: Subject) {
    let worker = six(&stores).await;
    let wanted = Wanted::find(stores.as_ref(), ACCOUNT, worker.job()).await.expect("asked");
    assert_eq!(wanted, Wanted { rows: 1, customers: 1, lists: 1 });
    worker.settle(vec![brings_its_card(&mixed_rows()[5])]).await;
    let wanted = Wanted::find(stores.as_ref(), ACCOUNT, worker.job()).await.expect("asked");
    assert_eq!(wanted, Wanted::default());
}

/// The others stay what they are, and all that is counted adds up.
pub async fn failures_that_may_change_are_tried_again(stores: Subject) {
    let worker = six(&stores).await;
    let (job, new) = (worker.job(), mixed_rows());
    let before = results(&stores, job).await;
    worker.settle(vec![brings_its_card(&new[5])]).await;
    worker.leave(Leave::Done).await;
    assert_eq!(forget_all(&stores, &worker).await, 6);
    let after = results(&stores, job).await;
    assert_eq!(after[..6], before[..6]);
    assert_eq!((after[6].outcome, after[6].detail.as_deref()), (None, None));
    assert_eq!(after[6].target.as_ref(), Some(target(&new[4])));
    check_totals(&stores, job).await;
    assert_eq!(find(&stores, job).await.pending(), 1);
    act(&stores, job, JobAction::Retry).await;
    let again = AtWork { lease: lease_of(&stores, job).await, ..worker };
    let pending = stores.pending(&again.lease, None, 10).await.expect("asked");
    assert_eq!(pending.iter().map(|row| row.line).collect::<Vec<_>>(), [5]);
    let settled = again.settle(vec![brings_its_card(&new[4])]).await;
    assert_eq!(settled.tally, [RowOutcome::Imported].into_iter().collect());
    stores.leave(&again.lease, Leave::Done, at(300)).await.expect("left");
    check_totals(&stores, job).await;
    let found = find(&stores, job).await;
    assert_eq!((found.state, found.finished_at), (JobState::Finished, Some(at(300))));
}

/// Step by step, each of them once.
pub async fn thousands_of_failures_are_forgotten(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let new = many_rows(1..=6_000);
    let worker = AtWork::on(&stores, &new).await;
    let job = worker.job();
    for batch in new.chunks(1_000) {
        worker.settle(batch.iter().map(brings_nothing).collect()).await;
    }
    worker.leave(Leave::Done).await;
    assert_eq!(find(&stores, job).await.settled, 6_000);
    assert_eq!(forget_all(&stores, &worker).await, 6_000);
    assert_eq!(find(&stores, job).await.settled, 0);
    check_totals(&stores, job).await;
}

/// Takes step after step until there is no row left, and returns the last line.
async fn forget_all(stores: &Subject, worker: &AtWork) -> u64 {
    let mut last = None;
    loop {
        let next = stores.forget_failures(ACCOUNT, worker.job(), last, at(200)).await;
        let Some(next) = next.expect("possible") else { break };
        assert!(last.is_none_or(|last| last < next), "{last:?} {next}");
        last = Some(next);
    }
    last.expect("there were rows")
}
