//! What a worker can still do whose import job somebody else has: nothing.

use cardlift_core::job::{HaltReason, JobAction, PieceId, RunMode, ScanPiece};
use cardlift_core::ports::{Lease, LeaseError, Leave, Settlement};

use super::Subject;
use super::data::{ACCOUNT, at, load_customers, other_account};
use super::job_data::{
    ACQUIRED, AtWork, HELD_UNTIL, START, acquire, act, brings_its_card, find, lease_of, options,
    receiving, results, rows, started, vault_customer,
};
use super::payment_methods::list;

fn check_lost<T: std::fmt::Debug>(result: Result<T, LeaseError>) {
    let error = result.expect_err("the lease is lost");
    assert!(matches!(error, LeaseError::Lost), "{error:?}");
}

/// Each thing that takes a lease is refused under this one, and changes nothing.
async fn check_all_lost(stores: &Subject, lease: &Lease) {
    let before = (find(stores, lease.job).await, results(stores, lease.job).await);
    let piece = ScanPiece { id: PieceId(0), from: 0, to: None, after: None, done: true };
    let findings = rows(&["a"]).iter().map(brings_its_card).collect();
    let settlement = Settlement { findings, pieces: vec![piece], vault_calls: 3 };
    for mode in [RunMode::Import, RunMode::DryRun] {
        check_lost(stores.settle(lease, mode, &settlement, at(500)).await);
    }
    check_lost(stores.renew(lease, at(9_000)).await);
    for how in [Leave::AsItIs, Leave::Done, Leave::Halted(HaltReason::CanaryDone)] {
        check_lost(stores.leave(lease, how, at(500)).await);
    }
    check_lost(stores.pending(lease, None, 10).await);
    check_lost(stores.pending_of(lease, &[vault_customer("AExsNjBZDLMNDK")]).await);
    check_lost(stores.pieces(lease).await);
    check_lost(stores.undo(lease, None, 10, at(500)).await);
    assert_eq!((find(stores, lease.job).await, results(stores, lease.job).await), before);
    assert_eq!(list(stores, ACCOUNT, 1).await, []);
}

/// The worker that has it now does not notice.
pub async fn a_lease_that_was_taken_over_is_good_for_nothing(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let late = AtWork::on(&stores, &rows(&["a"])).await;
    let (lease, _) = acquire(&stores, HELD_UNTIL).await.expect("the same job");
    check_all_lost(&stores, &late.lease).await;
    let worker = AtWork { lease, ..late };
    assert_eq!(stores.pieces(&worker.lease).await.expect("asked"), []);
    worker.settle(vec![brings_its_card(&rows(&["a"])[0])]).await;
}

/// Nobody else needs to have the job yet.
pub async fn a_lease_that_was_given_back_is_good_for_nothing(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let worker = AtWork::on(&stores, &rows(&["a"])).await;
    worker.leave(Leave::AsItIs).await;
    check_all_lost(&stores, &worker.lease).await;
}

/// A worker that was slow, and whom nobody has missed, goes on.
pub async fn a_lease_that_is_over_is_good_until_it_is_taken_over(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let new = rows(&["a"]);
    let worker = AtWork::on(&stores, &new).await;
    let settlement =
        Settlement { findings: vec![brings_its_card(&new[0])], ..Settlement::default() };
    let late = at(HELD_UNTIL + 50);
    stores.settle(&worker.lease, worker.mode, &settlement, late).await.expect("settled");
    stores.renew(&worker.lease, at(HELD_UNTIL + 100)).await.expect("renewed");
    assert_eq!(acquire(&stores, HELD_UNTIL + 99).await, None);
}

/// Or two workers would drive one account of the vault.
pub async fn a_lease_that_is_over_is_lost_to_another_job_of_its_vault(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let older = receiving(&stores, &options(), &rows(&["b"])).await;
    let late = AtWork::on(&stores, &rows(&["a"])).await;
    act(&stores, older, JobAction::Seal).await;
    act(&stores, older, START).await;
    let (lease, _) = acquire(&stores, HELD_UNTIL).await.expect("a job");
    assert_eq!(lease.job, older);
    check_all_lost(&stores, &late.lease).await;
}

/// What it would import now, nobody would delete.
pub async fn an_undoing_takes_the_job_from_its_worker(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let worker = AtWork::on(&stores, &rows(&["a"])).await;
    act(&stores, worker.job(), JobAction::Pause).await;
    act(&stores, worker.job(), JobAction::Undo).await;
    check_all_lost(&stores, &worker.lease).await;
    let undoing = lease_of(&stores, worker.job()).await;
    act(&stores, worker.job(), JobAction::Undo).await;
    stores.renew(&undoing, at(HELD_UNTIL)).await.expect("it was being undone already");
}

/// A lease that nobody was given is none.
pub async fn a_lease_is_of_one_account_and_job(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let worker = AtWork::on(&stores, &rows(&["a"])).await;
    let never_acquired = started(&stores, &options(), &rows(&["a"])).await;
    let other = other_account(&stores).await.id;
    let lease = worker.lease;
    check_lost(stores.renew(&Lease { account: other, ..lease }, at(9_000)).await);
    check_lost(stores.pieces(&Lease { account: other, ..lease }).await);
    for token in [0, lease.token] {
        check_all_lost(&stores, &Lease { job: never_acquired, token, ..lease }).await;
    }
    check_all_lost(&stores, &Lease { token: lease.token + 1, ..lease }).await;
    assert_eq!(acquire(&stores, ACQUIRED).await, None);
}
