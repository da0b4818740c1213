//! Import jobs, and what they bring in.

use cardlift_core::account::AccountId;
use cardlift_core::job::{HaltReason, JobAction, JobId, JobOptions, RunMode};
use cardlift_core::payment_method::{PaymentMethod, PaymentMethodId};
use cardlift_core::ports::{JobChangeError, Leave, Settlement};

use super::super::Subject;
use super::super::data::{
    ACCOUNT, at, bank_account, card, load_customers, other_account, payment_method,
};
use super::super::deletion::{delete, key};
use super::super::job_data::{
    AtWork, HELD_UNTIL, acquire, act, brings, brings_its_card, brings_nothing, lease_of, options,
    options_of_vault, receiving, renewed, row, row_of, rows,
};
use super::super::payment_methods::{list, save};
use super::payment_methods::{EXPIRY, RENEWED, card_facts};
use super::{Told, caller, item};

fn facts(state: &str, rest: &str) -> String {
    format!(r#"{{"state":"{state}","dryRun":false,"cards":"named_or_default",{rest}}}"#)
}

/// That this job was led from one state to another.
fn changed(job: JobId, before: &str, after: &str) -> (i64, String) {
    (job.get(), item("job.changed", &format!(r#","before":{before},"after":{after}"#)))
}

/// Its rows are not: what they bring in is.
pub async fn a_job_that_is_made_and_led_on_is_told_of(stores: Subject) {
    let mut told = Told::of(&stores, ACCOUNT).await;
    let job = caller(7).does(stores.create_job(ACCOUNT, &options(), at(1))).await;
    let job = job.expect("made").id;
    let created = format!(r#","after":{}"#, facts("receiving", r#""rows":0"#));
    let when = told.check(&[(job.get(), item("job.created", &created))]).await;
    assert_eq!(when, at(1));
    stores.append(ACCOUNT, job, &rows(&["a", "b"]), at(2)).await.expect("appended");
    let refused = stores.act(ACCOUNT, job, JobAction::Pause, at(3)).await;
    assert!(matches!(refused, Err(JobChangeError::State(_))), "{refused:?}");
    told.check_nothing().await;
    let (plain, canary) = (r#""rows":2"#, r#""rows":2,"canary":1"#);
    let mut before = facts("receiving", plain);
    for (action, state, rest) in [
        (JobAction::Seal, "ready", plain),
        (JobAction::Start { canary: Some(1) }, "running", canary),
        (JobAction::Pause, "paused", canary),
        (JobAction::Resume, "running", canary),
        (JobAction::Cancel, "cancelled", canary),
        (JobAction::Undo, "undoing", canary),
    ] {
        caller(7).does(stores.act(ACCOUNT, job, action, at(10))).await.expect("possible");
        let after = facts(state, rest);
        let when = told.check(&[changed(job, &before, &after)]).await;
        assert_eq!(when, at(10));
        before = after;
    }
    // It is taken up again, where it was.
    act(&stores, job, JobAction::Undo).await;
    let nobody = JobId::try_from(999).expect("an id");
    let missing = stores.act(ACCOUNT, nobody, JobAction::Seal, at(11)).await;
    assert!(matches!(missing, Err(JobChangeError::Missing)), "{missing:?}");
    let nobody = AccountId::try_from(999).expect("an id");
    stores.create_job(nobody, &options(), at(11)).await.expect_err("there is no such account");
    told.check_nothing().await;
}

/// Where that leads it on; a lease that is given back does not.
pub async fn a_job_that_its_worker_leaves_is_told_of(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let worker = at_work(&stores, &["a"], RunMode::Import).await;
    let mut told = Told::of(&stores, ACCOUNT).await;
    let rows_of = |state| facts(state, r#""rows":1"#);
    worker.leave(Leave::AsItIs).await;
    let worker = AtWork { lease: lease_of(&stores, worker.job()).await, ..worker };
    worker.leave(Leave::Done).await;
    told.check_nothing().await;
    let worker = AtWork { lease: lease_of(&stores, worker.job()).await, ..worker };
    let halted = Leave::Halted(HaltReason::VaultUnavailable);
    caller(7).does(worker.leave(halted)).await;
    let paused = [changed(worker.job(), &rows_of("running"), &rows_of("paused"))];
    assert_eq!(told.check(&paused).await, at(120));
    act(&stores, worker.job(), JobAction::Resume).await;
    let worker = AtWork { lease: lease_of(&stores, worker.job()).await, ..worker };
    worker.settle(vec![brings_nothing(&rows(&["a"])[0])]).await;
    let mut told = Told::of(&stores, ACCOUNT).await;
    caller(7).does(worker.leave(Leave::Done)).await;
    told.check(&[changed(worker.job(), &rows_of("running"), &rows_of("finished"))]).await;
    let lost = stores.leave(&worker.lease, Leave::Done, at(121)).await;
    lost.expect_err("the lease was given back");
    told.check_nothing().await;
    act(&stores, worker.job(), JobAction::Undo).await;
    let worker = AtWork { lease: lease_of(&stores, worker.job()).await, ..worker };
    let mut told = Told::of(&stores, ACCOUNT).await;
    caller(7).does(worker.leave(Leave::Done)).await;
    told.check(&[changed(worker.job(), &rows_of("undoing"), &rows_of("undone"))]).await;
}

/// By whoever sent it, or since nobody does any more: all of an account's together.
pub async fn a_job_that_is_broken_off_is_told_of(stores: Subject) {
    let other = other_account(&stores).await.id;
    let job = receiving(&stores, &options(), &[row(1, "a", 1)]).await;
    let mut told = Told::of(&stores, ACCOUNT).await;
    caller(7).does(stores.break_off(ACCOUNT, job, at(5))).await.expect("possible");
    let broken = |rows: u8| {
        let rows = format!(r#""rows":{rows}"#);
        (facts("receiving", &rows), facts("cancelled", &rows))
    };
    let (before, after) = broken(1);
    assert_eq!(told.check(&[changed(job, &before, &after)]).await, at(5));
    stores.break_off(ACCOUNT, job, at(6)).await.expect_err("it is broken off already");
    told.check_nothing().await;

    let silent = receiving(&stores, &options(), &[row(1, "a", 1)]).await;
    let empty = receiving(&stores, &options(), &[]).await;
    let foreign = stores.create_job(other, &options(), at(3)).await.expect("made").id;
    stores.create_job(ACCOUNT, &options(), at(40)).await.expect("made");
    let [mut told, mut of_other] =
        [Told::of(&stores, ACCOUNT).await, Told::of(&stores, other).await];
    let silence = async || stores.break_off_silent(at(30), at(50)).await.expect("looked");
    assert_eq!(caller(7).does(silence()).await.len(), 3);
    let ((one, one_after), (none, none_after)) = (broken(1), broken(0));
    let expected = [changed(silent, &one, &one_after), changed(empty, &none, &none_after)];
    assert_eq!(told.check_in_any_order(&expected).await, at(50));
    of_other.check(&[changed(foreign, &none, &none_after)]).await;
    assert_eq!(silence().await, []);
    told.check_nothing().await;
    of_other.check_nothing().await;
}

/// A job of these rows that a worker has.
async fn at_work(stores: &Subject, ids: &[&str], mode: RunMode) -> AtWork {
    let options = JobOptions { mode, ..options() };
    AtWork::with(stores, &options, &rows(ids)).await
}

/// Each once, and together; what was there just so, or could not be had, is not.
pub async fn what_a_settlement_brings_is_told_of(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let by = key(&stores).await;
    let gone = save(&stores, &payment_method(1, card("gone")), 0).await.payment_method.id;
    delete(&stores, ACCOUNT, gone, by).await.expect("deleted");
    let old = save(&stores, &payment_method(1, card("old")), 0).await.payment_method.id;
    save(&stores, &payment_method(1, card("same")), 0).await;
    let ids = ["gone", "new", "old", "same", "lost", "again"];
    let new = rows(&ids);
    let worker = at_work(&stores, &ids, RunMode::Import).await;
    let mut told = Told::of(&stores, ACCOUNT).await;
    let findings = vec![
        brings_its_card(&new[0]),
        brings(&new[1], vec![card("new").into(), bank_account("new").into()]),
        brings(&new[2], vec![renewed("old").into()]),
        brings_its_card(&new[3]),
        brings_nothing(&new[4]),
        // Another row brings it already.
        brings(&new[5], vec![card("new").into()]),
    ];
    caller(7).does(worker.settle(findings.clone())).await;
    let listed = list(&stores, ACCOUNT, 1).await;
    let [card_id, bank_id] = ["card_new", "ba_new"].map(|id| {
        let named = |method: &&_| named(method, id);
        listed.iter().find(named).expect("saved").id
    });
    let plain = |id, expiry| card_facts(id, expiry, "");
    let imported = |id: PaymentMethodId, facts: &str| {
        (id.get(), item("payment_method.imported", &format!(r#","after":{facts}"#)))
    };
    let over = |id: PaymentMethodId, action, before: &str, after: &str| {
        (id.get(), item(action, &format!(r#","before":{before},"after":{after}"#)))
    };
    let deleted = card_facts("gone", EXPIRY, r#","deleted":true"#);
    let bank = r#"{"customerId":1,"kind":"bank_account","stripeCustomerId":"cus_AExsNjBZDLMNDK","stripeCardId":"ba_new","lastFour":"6789"}"#;
    let expected = [
        over(gone, "payment_method.restored", &deleted, &plain("gone", EXPIRY)),
        imported(card_id, &plain("new", EXPIRY)),
        imported(bank_id, bank),
        over(old, "payment_method.updated", &plain("old", EXPIRY), &plain("old", RENEWED)),
    ];
    assert_eq!(told.check_in_any_order(&expected).await, at(110));
    worker.settle(findings).await;
    told.check_nothing().await;
}

fn named(method: &PaymentMethod, id: &str) -> bool {
    method.instrument.external_card().as_str() == id
}

/// Nor what is settled under a lease that is lost.
pub async fn what_a_dry_run_finds_is_not_told_of(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let worker = at_work(&stores, &["a"], RunMode::DryRun).await;
    let late = AtWork::with(&stores, &options_of_vault(1), &rows(&["a"])).await;
    let mut told = Told::of(&stores, ACCOUNT).await;
    let findings = vec![brings_its_card(&rows(&["a"])[0])];
    worker.settle(findings.clone()).await;
    acquire(&stores, HELD_UNTIL).await.expect("one of both");
    acquire(&stores, HELD_UNTIL).await.expect("the other");
    let settlement = Settlement { findings, ..Settlement::default() };
    let lost = stores.settle(&late.lease, RunMode::Import, &settlement, at(1_001)).await;
    lost.expect_err("the lease is lost");
    told.check_nothing().await;
}

/// Each that is deleted, as it was; what stays is not, nor what nobody brought in.
pub async fn what_an_undoing_deletes_is_told_of(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    save(&stores, &payment_method(1, card("old")), 0).await;
    let new = [
        row(1, "a", 1),
        row(2, "b", 1),
        row(3, "old", 1),
        row_of(4, "AExsNjBZDLMNDK", Some("card_c"), 1),
    ];
    let worker = AtWork::on(&stores, &new).await;
    worker.settle(new.iter().map(brings_its_card).collect()).await;
    let listed = list(&stores, ACCOUNT, 1).await;
    let id = |id: &str| listed.iter().find(|method| named(method, id)).expect("listed").id;
    stores.make_default(ACCOUNT, id("card_b"), None, at(115)).await.expect("asked");
    let worker = worker.undo().await;
    let mut told = Told::of(&stores, ACCOUNT).await;
    for _ in 0..2 {
        let undo = stores.undo(&worker.lease, None, 100, at(130));
        caller(7).does(undo).await.expect("undone");
    }
    let deleted = |card: &str, rest: &str| {
        let facts = format!(r#","before":{}"#, card_facts(card, EXPIRY, rest));
        (id(&format!("card_{card}")).get(), item("payment_method.deleted", &facts))
    };
    let when = told.check_in_any_order(&[deleted("a", ""), deleted("c", "")]).await;
    assert_eq!(when, at(130));
    let old = id("card_old");
    let by = key(&stores).await;
    delete(&stores, ACCOUNT, old, by).await.expect("deleted");
    let mut told = Told::of(&stores, ACCOUNT).await;
    let undo = stores.undo(&worker.lease, None, 100, at(131));
    caller(7).does(undo).await.expect("undone");
    told.check(&[deleted("b", r#","isDefault":true"#)]).await;
    worker.leave(Leave::Done).await;
}
