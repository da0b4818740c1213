//! What is written when a worker has found out about rows of an import job.

use cardlift_core::instrument::Instrument;
use cardlift_core::job::{
    FailureReason, JobAction, JobOptions, JobState, RowOutcome, RunMode, Tally,
};
use cardlift_core::ports::{Leave, Settlement};

use super::Subject;
use super::data::{
    ACCOUNT, at, bank_account, bare_bank_account, bare_card, card, default_payment_method,
    load_customers, other_account, payment_method,
};
use super::deletion::{delete, key};
use super::job_data::{
    AtWork, act, brings, brings_its_card, brings_nothing, check_totals, find, many_rows, options,
    renewed, results, row, row_of, rows,
};
use super::payment_methods::{list, save};

const OUTCOMES: [RowOutcome; 4] =
    [RowOutcome::Imported, RowOutcome::Restored, RowOutcome::Updated, RowOutcome::Unchanged];

fn tally(outcomes: &[RowOutcome]) -> Tally {
    outcomes.iter().copied().collect()
}

/// A job whose rows have each of the outcomes that are no failures, in their order.
async fn each_outcome(stores: &Subject, mode: RunMode) -> AtWork {
    load_customers(stores, ACCOUNT, 1).await;
    let by = key(stores).await;
    let gone = save(stores, &payment_method(1, card("gone")), 0).await.payment_method;
    delete(stores, ACCOUNT, gone.id, by).await.expect("deleted");
    save(stores, &default_payment_method(1, card("old")), 0).await;
    save(stores, &payment_method(1, card("same")), 0).await;
    let new = rows(&["new", "gone", "old", "same"]);
    let worker = AtWork::with(stores, &JobOptions { mode, ..options() }, &new).await;
    let cards = [card("new"), renewed("gone"), renewed("old"), card("same")];
    let findings = new.iter().zip(cards).map(|(row, card)| brings(row, vec![card.into()]));
    let settled = worker.settle(findings.collect()).await;
    assert_eq!((settled.tally, settled.state), (tally(&OUTCOMES), JobState::Running));
    let expected = (1..).zip(OUTCOMES.map(Some)).collect::<Vec<_>>();
    assert_eq!(worker.outcomes().await, expected);
    check_totals(stores, worker.job()).await;
    worker
}

/// New, back again, with other details, or just so; the default stays what it is.
pub async fn a_row_is_saved_as_a_single_import_is(stores: Subject) {
    let worker = each_outcome(&stores, RunMode::Import).await;
    let listed = list(&stores, ACCOUNT, 1).await;
    let expected = [renewed("gone"), renewed("old"), card("same"), card("new")];
    let expected = expected.map(Instrument::from);
    assert_eq!(listed.iter().map(|m| &m.instrument).collect::<Vec<_>>(), expected.each_ref());
    assert_eq!(
        listed.iter().map(|m| m.is_default).collect::<Vec<_>>(),
        [false, true, false, false]
    );
    let updated = listed.iter().map(|method| method.updated_at).collect::<Vec<_>>();
    assert_eq!(updated, [at(110), at(110), at(0), at(110)]);
    let ids = [3, 0, 1, 2].map(|index: usize| Some(listed[index].id));
    let results = results(&stores, worker.job()).await;
    assert_eq!(results.iter().map(|row| row.payment_method).collect::<Vec<_>>(), ids);
    let job = find(&stores, worker.job()).await;
    assert_eq!((job.rows, job.settled, job.updated_at), (4, 4, at(110)));
}

/// It says what would be done, and names the payment methods that are there.
pub async fn a_dry_run_writes_no_payment_method(stores: Subject) {
    let worker = each_outcome(&stores, RunMode::DryRun).await;
    let listed = list(&stores, ACCOUNT, 1).await;
    let expected = [card("old"), card("same")].map(Instrument::from);
    assert_eq!(listed.iter().map(|m| &m.instrument).collect::<Vec<_>>(), expected.each_ref());
    assert!(listed.iter().all(|method| method.updated_at == at(0)));
    let results = results(&stores, worker.job()).await;
    assert_eq!(results[0].payment_method, None);
    let found = results[2..].iter().map(|row| row.payment_method).collect::<Vec<_>>();
    assert_eq!(found, [Some(listed[0].id), Some(listed[1].id)]);
    assert_eq!(find(&stores, worker.job()).await.settled, 4);
}

/// Every field, in every script, and what is not known stays unknown.
pub async fn what_a_row_brings_is_kept_whole(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let instruments: [Instrument; 4] = [
        card("whole").into(),
        bare_card("bare").into(),
        bank_account("whole").into(),
        bare_bank_account("bare").into(),
    ];
    let ids = ["card_whole", "card_bare", "ba_whole", "ba_bare"];
    let new: Vec<_> =
        (1..).zip(ids).map(|(line, id)| row_of(line, "AExsNjBZDLMNDK", Some(id), 1)).collect();
    let worker = AtWork::on(&stores, &new).await;
    for (row, instrument) in new.iter().zip(&instruments) {
        worker.settle(vec![brings(row, vec![instrument.clone()])]).await;
    }
    let listed = list(&stores, ACCOUNT, 1).await;
    assert_eq!(listed.iter().map(|m| &m.instrument).collect::<Vec<_>>(), instruments.each_ref());
    for method in listed {
        assert_eq!((method.account, method.customer.get()), (ACCOUNT, 1));
        assert_eq!((method.created_at, method.updated_at), (at(110), at(110)));
    }
}

/// It says why, as the vault did.
pub async fn a_row_that_brings_nothing_fails(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let new = rows(&["a", "b"]);
    let worker = AtWork::on(&stores, &new).await;
    let settled = worker.settle(vec![brings_nothing(&new[0])]).await;
    let failed = RowOutcome::Failed(FailureReason::CardNotFound);
    assert_eq!(settled.tally, tally(&[failed]));
    let results = results(&stores, worker.job()).await;
    assert_eq!((results[0].outcome, results[1].outcome), (Some(failed), None));
    assert_eq!(results[0].detail.as_deref(), Some("No such source: Zoë's"));
    assert_eq!((&results[0].field, results[0].payment_method), (&None, None));
    assert_eq!(list(&stores, ACCOUNT, 1).await, []);
    check_totals(&stores, worker.job()).await;
}

/// Its neighbours are imported all the same, in a dry run too. Another account's customer is none.
pub async fn a_row_whose_customer_is_not_there_fails_alone(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let other = other_account(&stores).await.id;
    load_customers(&stores, other, 2).await;
    let missing = RowOutcome::Failed(FailureReason::CustomerNotFound);
    for mode in [RunMode::DryRun, RunMode::Import] {
        let new = [row(1, "a", 1), row(2, "b", 2), row(3, "c", 1)];
        let worker = AtWork::with(&stores, &JobOptions { mode, ..options() }, &new).await;
        let settled = worker.settle(new.iter().map(brings_its_card).collect()).await;
        let expected = [RowOutcome::Imported, missing, RowOutcome::Imported];
        assert_eq!(settled.tally, tally(&expected));
        let by_line: Vec<_> = (1..).zip(expected.map(Some)).collect();
        assert_eq!(worker.outcomes().await, by_line);
        let detail = results(&stores, worker.job()).await.into_iter().nth(1).expect("a row").detail;
        assert_eq!(detail.as_deref(), Some("Customer with id 2 not found."));
        check_totals(&stores, worker.job()).await;
        worker.leave(Leave::Done).await;
    }
    assert_eq!(list(&stores, ACCOUNT, 1).await.len(), 2);
    assert_eq!(list(&stores, other, 2).await, []);
}

/// The row is settled once, and counted once for each.
pub async fn a_row_can_bring_several(stores: Subject) {
    load_customers(&stores, ACCOUNT, 2).await;
    save(&stores, &payment_method(1, card("b")), 0).await;
    let new = [row_of(1, "AExsNjBZDLMNDK", None, 1), row_of(2, "AExsNjBZDLMNDK", None, 2)];
    let worker = AtWork::on(&stores, &new).await;
    let three: Vec<Instrument> = vec![card("a").into(), card("b").into(), bank_account("c").into()];
    let findings = new.iter().map(|row| brings(row, three.clone())).collect();
    let settled = worker.settle(findings).await;
    let mut expected = [RowOutcome::Imported; 6];
    expected[1] = RowOutcome::Unchanged;
    assert_eq!(settled.tally, tally(&expected));
    let results = results(&stores, worker.job()).await;
    let places: Vec<_> = results.iter().map(|row| (row.line, row.part)).collect();
    assert_eq!(places, [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)]);
    assert_eq!(results.iter().map(|row| row.outcome).collect::<Vec<_>>(), expected.map(Some));
    assert!(results[..3].iter().all(|row| row.target == results[0].target));
    let job = find(&stores, worker.job()).await;
    assert_eq!((job.settled, job.tally.total()), (2, 6));
    check_totals(&stores, worker.job()).await;
}

/// As where one names it that is another's default.
pub async fn two_rows_can_bring_the_same(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let new = [row(1, "a", 1), row_of(2, "AExsNjBZDLMNDK", None, 1)];
    let worker = AtWork::on(&stores, &new).await;
    let findings = new.iter().map(|row| brings(row, vec![card("a").into()])).collect();
    let settled = worker.settle(findings).await;
    assert_eq!(settled.tally, tally(&[RowOutcome::Imported, RowOutcome::Unchanged]));
    let listed = list(&stores, ACCOUNT, 1).await;
    assert_eq!(listed.len(), 1);
    let results = results(&stores, worker.job()).await;
    assert!(results.iter().all(|row| row.payment_method == Some(listed[0].id)));
    check_totals(&stores, worker.job()).await;
}

/// Whatever is found the second time.
pub async fn a_row_that_has_its_outcome_keeps_it(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let new = [row(1, "a", 1), row(2, "b", 1), row(3, "a", 1)];
    let worker = AtWork::on(&stores, &new).await;
    worker.settle(vec![brings_its_card(&new[0]), brings_nothing(&new[1])]).await;
    let before = results(&stores, worker.job()).await;
    let listed = list(&stores, ACCOUNT, 1).await;
    let other: Vec<Instrument> = vec![renewed("a").into(), card("z").into()];
    let findings = new.iter().map(|row| brings(row, other.clone())).collect();
    assert_eq!(worker.settle(findings).await.tally, Tally::default());
    assert_eq!(results(&stores, worker.job()).await, before);
    assert_eq!(list(&stores, ACCOUNT, 1).await, listed);
    check_totals(&stores, worker.job()).await;
}

/// Also those of a settlement about nothing else.
pub async fn calls_of_the_vault_add_up(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let new = rows(&["a"]);
    let worker = AtWork::on(&stores, &new).await;
    let write = async |findings, vault_calls| {
        let settlement = Settlement { findings, vault_calls, ..Settlement::default() };
        worker.write(&settlement).await;
        find(&stores, worker.job()).await.vault_calls
    };
    assert_eq!(write(Vec::new(), 2).await, 2);
    assert_eq!(write(vec![brings_its_card(&new[0])], 3).await, 5);
    assert_eq!(write(vec![brings_its_card(&new[0])], 4).await, 9);
}

/// What was under way may be written, and the worker is told.
pub async fn a_job_that_was_stopped_is_still_settled(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let new = rows(&["a", "b", "c"]);
    let worker = AtWork::on(&stores, &new).await;
    act(&stores, worker.job(), JobAction::Pause).await;
    assert_eq!(worker.settle(vec![brings_its_card(&new[0])]).await.state, JobState::Paused);
    act(&stores, worker.job(), JobAction::Cancel).await;
    assert_eq!(worker.settle(vec![brings_its_card(&new[1])]).await.state, JobState::Cancelled);
    assert_eq!(find(&stores, worker.job()).await.settled, 2);
    assert_eq!(list(&stores, ACCOUNT, 1).await.len(), 2);
}

/// A thousand rows in one go, and then what the thousand brought is there just so.
pub async fn a_thousand_rows_are_settled_at_once(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let new = many_rows(1..=1_000);
    for outcome in [RowOutcome::Imported, RowOutcome::Unchanged] {
        let worker = AtWork::on(&stores, &new).await;
        let settled = worker.settle(new.iter().map(brings_its_card).collect()).await;
        assert_eq!(settled.tally, tally(&[outcome; 1_000]));
        check_totals(&stores, worker.job()).await;
        worker.leave(Leave::Done).await;
    }
    assert_eq!(list(&stores, ACCOUNT, 1).await.len(), 1_000);
}
