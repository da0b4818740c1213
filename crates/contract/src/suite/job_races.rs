//! What settlements at once must not do: lose a row, count it twice, or save a card twice.

use std::collections::HashSet;

use cardlift_core::job::{JobAction, JobRow, JobState, RowOutcome, Tally};
use cardlift_core::payment_method::SaveOutcome;
use cardlift_core::ports::{JobChangeError, Settlement};
use futures_util::future::join_all;
use tokio::task::JoinHandle;

use super::Subject;
use super::data::{ACCOUNT, at, card, load_customers, payment_method};
use super::job_data::{
    AtWork, act, brings_its_card, check_totals, find, many_rows, options, options_of_vault,
    receiving, results, row, rows,
};
use super::payment_methods::{list, save};

async fn finished<T>(tasks: impl IntoIterator<Item = JoinHandle<T>>) -> Vec<T> {
    join_all(tasks).await.into_iter().map(|done| done.expect("no panic")).collect()
}

/// Sixteen that are about ten rows each.
pub async fn settlements_of_different_rows_add_up(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let new = many_rows(1..=160);
    let worker = AtWork::on(&stores, &new).await;
    let tasks = new.chunks(10).map(|chunk| {
        let (worker, findings) = (worker.clone(), chunk.iter().map(brings_its_card).collect());
        let settlement = Settlement { findings, vault_calls: 3, ..Settlement::default() };
        tokio::spawn(async move { worker.write(&settlement).await.tally.total() })
    });
    assert_eq!(finished(tasks).await, [10; 16]);
    let job = find(&stores, worker.job()).await;
    assert_eq!((job.settled, job.vault_calls), (160, 48));
    assert_eq!(job.tally.of(RowOutcome::Imported), 160);
    check_totals(&stores, worker.job()).await;
    assert_eq!(list(&stores, ACCOUNT, 1).await.len(), 160);
}

/// Eight that are all about the same ten: each row is settled by one of them.
pub async fn settlements_of_the_same_rows_count_once(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let new = many_rows(1..=10);
    let worker = AtWork::on(&stores, &new).await;
    let tasks = (0..8).map(|_| {
        let (worker, findings) = (worker.clone(), new.iter().map(brings_its_card).collect());
        tokio::spawn(async move { worker.settle(findings).await.tally })
    });
    let counts = finished(tasks).await;
    let counted: Tally = counts.iter().flat_map(Tally::iter).collect();
    assert_eq!(counted, [RowOutcome::Imported; 10].into_iter().collect());
    assert_eq!(find(&stores, worker.job()).await.settled, 10);
    check_totals(&stores, worker.job()).await;
    assert_eq!(list(&stores, ACCOUNT, 1).await.len(), 10);
}

/// Two jobs import the same cards, from either end.
pub async fn jobs_that_meet_at_the_same_cards_import_each_once(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let ids: Vec<_> = (0..200).map(|index| format!("m{index}")).collect();
    let mut new: Vec<_> = (1..).zip(&ids).map(|(line, id)| row(line, id, 1)).collect();
    let mut workers = Vec::new();
    for number in 0..2 {
        workers.push(AtWork::with(&stores, &options_of_vault(number), &new).await);
    }
    let mut tasks = Vec::new();
    for worker in &workers {
        for chunk in new.chunks(50) {
            let (worker, findings) = (worker.clone(), chunk.iter().map(brings_its_card).collect());
            tasks.push(tokio::spawn(async move { worker.settle(findings).await.tally }));
        }
        new.reverse();
    }
    let counts = finished(tasks).await;
    let counted: Tally = counts.iter().flat_map(Tally::iter).collect();
    assert_eq!((counted.of(RowOutcome::Imported), counted.of(RowOutcome::Unchanged)), (200, 200));
    let there: HashSet<_> =
        list(&stores, ACCOUNT, 1).await.iter().map(|method| method.id).collect();
    assert_eq!(there.len(), 200);
    for worker in workers {
        let named = results(&stores, worker.job()).await;
        let named: HashSet<_> =
            named.iter().filter_map(|row: &JobRow| row.payment_method).collect();
        assert_eq!(named, there);
    }
}

/// One through a job, one by itself: one row, which one of them made.
pub async fn a_card_that_is_saved_and_settled_at_once_is_one_row(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let new = rows(&ids);
    let worker = AtWork::on(&stores, &new).await;
    for (row, id) in new.iter().zip(ids) {
        let (worker, finding) = (worker.clone(), brings_its_card(row));
        let settled = tokio::spawn(async move { worker.settle(vec![finding]).await.tally });
        let (stores, method) = (stores.clone(), payment_method(1, card(id)));
        let saved = tokio::spawn(async move { save(&stores, &method, 0).await.outcome });
        let settled = settled.await.expect("no panic");
        let expected = match saved.await.expect("no panic") {
            SaveOutcome::Imported => RowOutcome::Unchanged,
            _ => RowOutcome::Imported,
        };
        assert_eq!(settled, [expected].into_iter().collect());
    }
    assert_eq!(list(&stores, ACCOUNT, 1).await.len(), ids.len());
}

/// A job that is paused and goes on again while it is settled.
pub async fn settlements_and_actions_at_once_lose_nothing(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let new = many_rows(1..=100);
    let worker = AtWork::on(&stores, &new).await;
    let actions = tokio::spawn({
        let (stores, job) = (stores.clone(), worker.job());
        async move {
            for _ in 0..10 {
                act(&stores, job, JobAction::Pause).await;
                act(&stores, job, JobAction::Resume).await;
            }
            act(&stores, job, JobAction::Pause).await;
        }
    });
    let tasks = new.chunks(10).map(|chunk| {
        let (worker, findings) = (worker.clone(), chunk.iter().map(brings_its_card).collect());
        tokio::spawn(async move { worker.settle(findings).await.tally.total() })
    });
    assert_eq!(finished(tasks).await, [10; 10]);
    actions.await.expect("no panic");
    let job = find(&stores, worker.job()).await;
    assert_eq!((job.state, job.settled), (JobState::Paused, 100));
    check_totals(&stores, worker.job()).await;
}

/// Whichever comes first.
pub async fn rows_that_come_while_a_job_is_sealed_come_whole_or_not_at_all(stores: Subject) {
    for _ in 0..8 {
        let job = receiving(&stores, &options(), &[]).await;
        let [appending, sealing] = [stores.clone(), stores.clone()];
        let appended =
            tokio::spawn(
                async move { appending.append(ACCOUNT, job, &many_rows(1..=50), at(3)).await },
            );
        let sealed = tokio::spawn(async move { act(&sealing, job, JobAction::Seal).await.rows });
        let expected = match appended.await.expect("no panic") {
            Ok(()) => 50,
            Err(JobChangeError::State(JobState::Ready)) => 0,
            Err(other) => unreachable!("{other:?}"),
        };
        assert_eq!(sealed.await.expect("no panic"), expected);
        check_totals(&stores, job).await;
    }
}
