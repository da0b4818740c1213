//! Undoing an import job.

use cardlift_core::job::{JobOptions, JobState, NewJobRow, RowOutcome, RunMode};
use cardlift_core::payment_method::{PaymentMethodId, SaveOutcome};
use cardlift_core::ports::Leave;

use super::Subject;
use super::data::{ACCOUNT, at, bank_account, card, load_customers, payment_method};
use super::deletion::{delete, key};
use super::job_data::{
    AtWork, brings, brings_its_card, brings_nothing, check_totals, find, options, options_of_vault,
    renewed, results, row_of, rows,
};
use super::payment_methods::{list, save};

/// Undoes all rows, as many at a time, and returns how many payment methods were deleted.
async fn undo_all(worker: &AtWork, most: u32) -> u64 {
    let (mut deleted, mut after) = (0, None);
    loop {
        let step = worker.stores.undo(&worker.lease, after, most, at(130)).await.expect("undone");
        assert_eq!(step.state, JobState::Undoing);
        deleted += step.deleted;
        let Some(last) = step.last else { return deleted };
        assert!(after.is_none_or(|after| after < last), "{after:?} {last}");
        after = Some(last);
    }
}

/// The lines of the rows and parts that are marked.
async fn undone(worker: &AtWork) -> Vec<u64> {
    let results = results(&worker.stores, worker.job()).await;
    results.iter().filter(|row| row.undone).map(|row| row.line).collect()
}

async fn listed(stores: &Subject) -> Vec<PaymentMethodId> {
    list(stores, ACCOUNT, 1).await.iter().map(|method| method.id).collect()
}

/// A job of these rows that brought the cards they ask for, and is to be undone.
async fn imported(stores: &Subject, new: &[NewJobRow]) -> AtWork {
    let worker = AtWork::on(stores, new).await;
    worker.settle(new.iter().map(brings_its_card).collect()).await;
    worker.undo().await
}

/// What was there before stays as the job left it; what failed is passed over.
pub async fn only_what_a_job_brought_in_is_deleted(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let by = key(&stores).await;
    let gone = save(&stores, &payment_method(1, card("gone")), 0).await.payment_method;
    delete(&stores, ACCOUNT, gone.id, by).await.expect("deleted");
    let old = save(&stores, &payment_method(1, card("old")), 0).await.payment_method;
    let same = save(&stores, &payment_method(1, card("same")), 0).await.payment_method;
    let new = rows(&["new", "gone", "old", "same", "lost", "new"]);
    let worker = AtWork::on(&stores, &new).await;
    let updated = brings(&new[2], vec![renewed("old").into()]);
    let [first, second, fourth] = [0, 1, 3].map(|index: usize| brings_its_card(&new[index]));
    worker.settle(vec![first, second, updated, fourth, brings_nothing(&new[4])]).await;
    let before = worker.outcomes().await;
    let worker = worker.undo().await;
    assert_eq!(undo_all(&worker, 100).await, 2);
    assert_eq!(undone(&worker).await, [1, 2]);
    assert_eq!(worker.outcomes().await, before);
    let left = list(&stores, ACCOUNT, 1).await;
    assert_eq!(left.iter().map(|method| method.id).collect::<Vec<_>>(), [old.id, same.id]);
    assert_eq!(left[0].instrument, renewed("old").into());
    check_totals(&stores, worker.job()).await;
    worker.leave(Leave::Done).await;
    assert_eq!(find(&stores, worker.job()).await.state, JobState::Undone);
}

/// Each row is looked at once, wherever a step ends.
pub async fn a_job_is_undone_step_by_step(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    for most in 1..=4 {
        let worker = imported(&stores, &rows(&["a", "b", "c", "d", "e"])).await;
        assert_eq!(undo_all(&worker, most).await, 5, "{most}");
        assert_eq!(undone(&worker).await, [1, 2, 3, 4, 5]);
        assert_eq!(listed(&stores).await, []);
        worker.leave(Leave::Done).await;
    }
}

/// Each of them, also where a step looks at fewer rows.
pub async fn all_that_a_row_brought_is_deleted(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    for most in [1, 2, 100] {
        let new =
            [row_of(1, "AExsNjBZDLMNDK", None, 1), row_of(2, "AExsNjBZDLMNDK", Some("card_z"), 1)];
        let worker = AtWork::on(&stores, &new).await;
        let three = vec![card("a").into(), card("b").into(), bank_account("c").into()];
        worker.settle(vec![brings(&new[0], three), brings_its_card(&new[1])]).await;
        let worker = worker.undo().await;
        assert_eq!(undo_all(&worker, most).await, 4, "{most}");
        assert_eq!(undone(&worker).await, [1, 1, 1, 2]);
        assert_eq!(listed(&stores).await, []);
        worker.leave(Leave::Done).await;
    }
}

/// Its customer has chosen it meanwhile, and would be left without one.
pub async fn a_default_with_others_stays(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let other = save(&stores, &payment_method(1, card("other")), 0).await.payment_method.id;
    let worker = imported(&stores, &rows(&["a", "b"])).await;
    let chosen = listed(&stores).await[1];
    stores.make_default(ACCOUNT, chosen, None, at(125)).await.expect("asked").expect("moved");
    assert_eq!(undo_all(&worker, 100).await, 1);
    assert_eq!(undone(&worker).await, [2]);
    assert_eq!(listed(&stores).await, [other, chosen]);
    assert!(list(&stores, ACCOUNT, 1).await[1].is_default);
}

/// Nothing else is left that could be the default.
pub async fn a_default_without_others_is_deleted(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let worker = imported(&stores, &rows(&["a"])).await;
    let chosen = listed(&stores).await[0];
    stores.make_default(ACCOUNT, chosen, None, at(125)).await.expect("asked").expect("moved");
    assert_eq!(undo_all(&worker, 100).await, 1);
    assert_eq!(listed(&stores).await, []);
    let back = save(&stores, &payment_method(1, card("a")), 140).await;
    assert!(!back.payment_method.is_default);
}

/// It is not the undoing that did it.
pub async fn what_somebody_has_deleted_is_not_marked(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let by = key(&stores).await;
    let worker = imported(&stores, &rows(&["a", "b"])).await;
    delete(&stores, ACCOUNT, listed(&stores).await[0], by).await.expect("deleted");
    assert_eq!(undo_all(&worker, 100).await, 1);
    assert_eq!(undone(&worker).await, [2]);
}

/// It is theirs now who imported it again: by itself, or by another job, which deletes it when it is
/// undone.
pub async fn what_was_imported_again_since_is_left_alone(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let by = key(&stores).await;
    let new = rows(&["a", "b", "c"]);
    let first = AtWork::with(&stores, &options_of_vault(0), &new).await;
    first.settle(new.iter().map(brings_its_card).collect()).await;
    for id in listed(&stores).await {
        delete(&stores, ACCOUNT, id, by).await.expect("deleted");
    }
    save(&stores, &payment_method(1, card("a")), 120).await;
    let second = AtWork::with(&stores, &options_of_vault(1), &new).await;
    let updated = brings(&new[0], vec![renewed("a").into()]);
    let [restored, lost] = [brings_its_card(&new[1]), brings_nothing(&new[2])];
    second.settle(vec![updated, restored, lost]).await;
    let first = first.undo().await;
    assert_eq!(undo_all(&first, 100).await, 0);
    assert_eq!(undone(&first).await, []);
    first.leave(Leave::Done).await;
    let second = second.undo().await;
    assert_eq!(undo_all(&second, 100).await, 1);
    assert_eq!(undone(&second).await, [2]);
    let left = list(&stores, ACCOUNT, 1).await;
    assert_eq!(
        left.iter().map(|method| &method.instrument).collect::<Vec<_>>(),
        [&renewed("a").into()]
    );
}

/// One that was cut off can be run again.
pub async fn undoing_twice_changes_nothing(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let worker = imported(&stores, &rows(&["a", "b", "c"])).await;
    let step = stores.undo(&worker.lease, None, 2, at(130)).await.expect("undone");
    assert_eq!((step.deleted, step.last), (2, Some(2)));
    assert_eq!(undo_all(&worker, 2).await, 1);
    let before = results(&stores, worker.job()).await;
    assert_eq!(undo_all(&worker, 2).await, 0);
    assert_eq!(results(&stores, worker.job()).await, before);
}

/// Under the id that it had. The undone job has no part in it any more.
pub async fn what_was_undone_can_be_imported_again(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let new = rows(&["a", "b"]);
    let worker = imported(&stores, &new).await;
    let ids = listed(&stores).await;
    undo_all(&worker, 100).await;
    assert_eq!(
        save(&stores, &payment_method(1, card("a")), 140).await.outcome,
        SaveOutcome::Restored
    );
    assert_eq!(undo_all(&worker, 100).await, 0, "it is marked");
    worker.leave(Leave::Done).await;
    let again = AtWork::on(&stores, &new).await;
    again.settle(new.iter().map(brings_its_card).collect()).await;
    let expected = [(1, Some(RowOutcome::Unchanged)), (2, Some(RowOutcome::Restored))];
    assert_eq!(again.outcomes().await, expected);
    assert_eq!(listed(&stores).await, ids);
}

/// It brought nothing in, whatever it says and whoever imported it since.
pub async fn undoing_a_dry_run_deletes_nothing(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let by = key(&stores).await;
    let gone = save(&stores, &payment_method(1, card("gone")), 0).await.payment_method.id;
    delete(&stores, ACCOUNT, gone, by).await.expect("deleted");
    let new = rows(&["gone", "new"]);
    let options = JobOptions { mode: RunMode::DryRun, ..options() };
    let worker = AtWork::with(&stores, &options, &new).await;
    worker.settle(new.iter().map(brings_its_card).collect()).await;
    for id in ["gone", "new"] {
        save(&stores, &payment_method(1, card(id)), 120).await;
    }
    let worker = worker.undo().await;
    assert_eq!(undo_all(&worker, 100).await, 0);
    assert_eq!(undone(&worker).await, []);
    assert_eq!(listed(&stores).await.len(), 2);
}
