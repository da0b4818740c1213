//! Which worker gets which import job, and how it leaves it.

use std::collections::HashSet;

use cardlift_core::account::AccountChange;
use cardlift_core::job::{HaltReason, JobAction, JobState};
use cardlift_core::ports::{LeaseError, Leave, WorkerId};
use cardlift_core::vault::VaultAccount;
use futures_util::future::join_all;

use super::Subject;
use super::data::{ACCOUNT, at, load_customers, other_account};
use super::job_data::{
    ACQUIRED, AtWork, HELD_UNTIL, START, acquire, act, brings_its_card, find, lease_of, options,
    options_of_vault, receiving, rows, started,
};

/// Those that have no work are passed over.
pub async fn the_oldest_job_with_work_comes_first(stores: Subject) {
    let mut jobs = Vec::new();
    for number in 0..5 {
        jobs.push(started(&stores, &options_of_vault(number), &rows(&["a"])).await);
    }
    receiving(&stores, &options(), &rows(&["a"])).await;
    act(&stores, jobs[0], JobAction::Pause).await;
    act(&stores, jobs[2], JobAction::Cancel).await;
    act(&stores, jobs[3], JobAction::Pause).await;
    act(&stores, jobs[3], JobAction::Undo).await;
    for expected in [jobs[1], jobs[3], jobs[4]] {
        let (lease, job) = acquire(&stores, ACQUIRED).await.expect("a job");
        assert_eq!((lease.account, lease.job), (ACCOUNT, expected));
        assert_eq!(job, find(&stores, expected).await);
    }
    assert_eq!(acquire(&stores, ACQUIRED).await, None);
}

/// Who works on one job alone is given no other, and waits for it as everybody does.
pub async fn who_asks_for_one_job_gets_that_or_none(stores: Subject) {
    let (first, second) = (options_of_vault(0), options_of_vault(1));
    started(&stores, &first, &rows(&["a"])).await;
    let wanted = started(&stores, &second, &rows(&["a"])).await;
    let behind = started(&stores, &second, &rows(&["a"])).await;
    let acquire = async |only| {
        let (worker, now, until) = (WorkerId("w".into()), at(ACQUIRED), at(HELD_UNTIL));
        let acquired = stores.acquire(&worker, Some(only), now, until).await.expect("asked");
        acquired.map(|(lease, _)| lease.job)
    };
    assert_eq!(acquire(wanted).await, Some(wanted));
    assert_eq!(acquire(behind).await, None, "its account of the vault is driven already");
    assert_eq!(acquire(wanted).await, None);
}

/// However many ask at once, and whatever is left is there for who asks again.
pub async fn each_job_goes_to_one_of_many_workers(stores: Subject) {
    let mut jobs = HashSet::new();
    for number in 0..8 {
        jobs.insert(started(&stores, &options_of_vault(number), &[]).await);
    }
    let workers = (0..16).map(|_| {
        let stores = stores.clone();
        tokio::spawn(async move { acquire(&stores, ACQUIRED).await })
    });
    let acquired = join_all(workers).await.into_iter();
    let mut acquired: Vec<_> = acquired.filter_map(|job| job.expect("no panic")).collect();
    while let Some(left) = acquire(&stores, ACQUIRED).await {
        acquired.push(left);
    }
    assert_eq!(acquired.len(), 8);
    assert_eq!(acquired.iter().map(|(lease, _)| lease.job).collect::<HashSet<_>>(), jobs);
}

/// Whichever accounts of ours its jobs are of; another account of the vault does not wait.
pub async fn an_account_of_the_vault_is_driven_by_one_worker(stores: Subject) {
    let other = other_account(&stores).await.id;
    let first = started(&stores, &options(), &[]).await;
    let second = stores.create_job(other, &options(), at(1)).await.expect("made").id;
    for action in [JobAction::Seal, START] {
        stores.act(other, second, action, at(2)).await.expect("possible");
    }
    let elsewhere = started(&stores, &options_of_vault(1), &[]).await;
    let lease = lease_of(&stores, first).await;
    assert_eq!(acquire(&stores, ACQUIRED).await.map(|(lease, _)| lease.job), Some(elsewhere));
    assert_eq!(acquire(&stores, ACQUIRED).await, None);
    stores.leave(&lease, Leave::Done, at(120)).await.expect("left");
    let (next, _) = acquire(&stores, ACQUIRED).await.expect("a job");
    assert_eq!((next.account, next.job), (other, second));
}

/// Of many jobs of one account of the vault, one is handed out.
pub async fn workers_at_once_do_not_share_an_account_of_the_vault(stores: Subject) {
    for _ in 0..8 {
        started(&stores, &options(), &[]).await;
    }
    let workers = (0..16).map(|_| {
        let stores = stores.clone();
        tokio::spawn(async move { acquire(&stores, ACQUIRED).await })
    });
    let acquired = join_all(workers).await.into_iter();
    let acquired = acquired.filter_map(|job| job.expect("no panic")).count();
    let left = acquire(&stores, ACQUIRED).await;
    assert_eq!(acquired + usize::from(left.is_some()), 1);
}

/// Who is at it is told when the lease is to be renewed. Once the account is enabled it goes on.
pub async fn nobody_works_on_a_job_of_a_disabled_account(stores: Subject) {
    let disable = async |change| {
        let changed = stores.change_account(ACCOUNT, &[change]).await.expect("changed");
        changed.expect("an account");
    };
    let worker = AtWork::on(&stores, &rows(&["a"])).await;
    disable(AccountChange::Disable(at(105))).await;
    let renewed = stores.renew(&worker.lease, at(HELD_UNTIL + 1)).await;
    assert!(matches!(renewed, Err(LeaseError::Lost)), "{renewed:?}");
    assert_eq!(acquire(&stores, HELD_UNTIL).await, None);
    disable(AccountChange::Enable).await;
    let (lease, _) = acquire(&stores, HELD_UNTIL).await.expect("the job is to be had");
    assert_eq!(lease.job, worker.job());
}

/// The worker may have calls under way until it has gone.
pub async fn a_worker_at_a_paused_job_is_waited_for(stores: Subject) {
    let worker = AtWork::on(&stores, &rows(&["a"])).await;
    let next = started(&stores, &options(), &rows(&["a"])).await;
    act(&stores, worker.job(), JobAction::Pause).await;
    assert_eq!(acquire(&stores, ACQUIRED).await, None);
    worker.leave(Leave::AsItIs).await;
    assert_eq!(acquire(&stores, ACQUIRED).await.map(|(lease, _)| lease.job), Some(next));
}

/// Under a greater token, each time.
pub async fn a_lease_that_is_over_is_as_good_as_none(stores: Subject) {
    let job = started(&stores, &options(), &rows(&["a"])).await;
    let (mut last, _) = acquire(&stores, ACQUIRED).await.expect("a job");
    for round in 1..=3 {
        let over = ACQUIRED + round * (HELD_UNTIL - ACQUIRED);
        assert_eq!(acquire(&stores, over - 1).await, None);
        let (next, _) = acquire(&stores, over).await.expect("a job");
        assert_eq!(next.job, job);
        assert!(next.token > last.token, "{} {}", next.token, last.token);
        last = next;
    }
}

/// The token grows after a lease that was given back, too.
pub async fn a_job_that_was_left_is_taken_up_again(stores: Subject) {
    let worker = AtWork::on(&stores, &rows(&["a"])).await;
    worker.leave(Leave::AsItIs).await;
    let (next, job) = acquire(&stores, ACQUIRED).await.expect("a job");
    assert_eq!((next.job, job.state), (worker.job(), JobState::Running));
    assert!(next.token > worker.lease.token);
}

/// Until when it is renewed, and what has become of the job meanwhile.
pub async fn a_renewed_lease_lasts_longer(stores: Subject) {
    let worker = AtWork::on(&stores, &rows(&["a"])).await;
    let renew = async |until| stores.renew(&worker.lease, at(until)).await.expect("renewed");
    assert_eq!(renew(HELD_UNTIL + 50).await, JobState::Running);
    assert_eq!(acquire(&stores, HELD_UNTIL + 49).await, None);
    act(&stores, worker.job(), JobAction::Pause).await;
    assert_eq!(renew(HELD_UNTIL + 100).await, JobState::Paused);
    act(&stores, worker.job(), JobAction::Resume).await;
    assert_eq!(acquire(&stores, HELD_UNTIL + 99).await, None);
    assert!(acquire(&stores, HELD_UNTIL + 100).await.is_some());
}

/// For whoever waits for a turn, of whichever account.
pub async fn it_can_be_told_where_a_worker_is(stores: Subject) {
    let worker = AtWork::on(&stores, &rows(&["a"])).await;
    let at_work = async |vault: &VaultAccount, second| {
        stores.at_work(vault, at(second)).await.expect("asked")
    };
    let elsewhere = options_of_vault(1).vault;
    assert_eq!(at_work(&VaultAccount::DEFAULT, ACQUIRED).await, Some(worker.job()));
    assert_eq!(at_work(&elsewhere, ACQUIRED).await, None);
    assert_eq!(at_work(&VaultAccount::DEFAULT, HELD_UNTIL - 1).await, Some(worker.job()));
    assert_eq!(at_work(&VaultAccount::DEFAULT, HELD_UNTIL).await, None);
    worker.leave(Leave::AsItIs).await;
    assert_eq!(at_work(&VaultAccount::DEFAULT, ACQUIRED).await, None);
}

/// A job without anything pending that is done in this state.
async fn done_in(stores: &Subject, action: Option<JobAction>) -> AtWork {
    load_customers(stores, ACCOUNT, 1).await;
    let new = rows(&["a"]);
    let worker = AtWork::on(stores, &new).await;
    if let Some(action) = action {
        act(stores, worker.job(), action).await;
    }
    worker.settle(vec![brings_its_card(&new[0])]).await;
    worker.leave(Leave::Done).await;
    worker
}

/// Were it paused or cancelled in the last moment, every row has its outcome all the same.
pub async fn a_job_that_is_done_with_every_row_is_finished(stores: Subject) {
    for action in [None, Some(JobAction::Pause), Some(JobAction::Cancel)] {
        let worker = done_in(&stores, action).await;
        let job = find(&stores, worker.job()).await;
        assert_eq!((job.state, job.finished_at), (JobState::Finished, Some(at(120))));
        assert_eq!((job.updated_at, job.halt), (at(120), None));
    }
}

/// Whoever believes that it is done may not know of rows that came back.
pub async fn a_job_with_rows_to_do_is_not_finished(stores: Subject) {
    for (action, state) in [
        (None, JobState::Running),
        (Some(JobAction::Pause), JobState::Paused),
        (Some(JobAction::Cancel), JobState::Cancelled),
    ] {
        let worker = AtWork::on(&stores, &rows(&["a"])).await;
        if let Some(action) = action {
            act(&stores, worker.job(), action).await;
        }
        worker.leave(Leave::Done).await;
        let job = find(&stores, worker.job()).await;
        assert_eq!((job.state, job.finished_at), (state, None));
        if state == JobState::Running {
            act(&stores, worker.job(), JobAction::Cancel).await;
        }
    }
}

/// It says why; one that was cancelled meanwhile stays that.
pub async fn a_job_that_can_not_go_on_is_paused(stores: Subject) {
    for (number, reason) in HaltReason::ALL.into_iter().enumerate() {
        let worker = AtWork::with(&stores, &options_of_vault(number), &rows(&["a"])).await;
        worker.leave(Leave::Halted(reason)).await;
        let job = find(&stores, worker.job()).await;
        assert_eq!((job.state, job.halt), (JobState::Paused, Some(reason)));
        assert_eq!((job.updated_at, job.finished_at), (at(120), None));
    }
    let worker = AtWork::on(&stores, &rows(&["a"])).await;
    act(&stores, worker.job(), JobAction::Cancel).await;
    worker.leave(Leave::Halted(HaltReason::VaultRefused)).await;
    let job = find(&stores, worker.job()).await;
    assert_eq!((job.state, job.halt), (JobState::Cancelled, None));
}

/// And then no worker has anything to do for it.
pub async fn a_job_whose_undoing_is_done_is_undone(stores: Subject) {
    let worker = done_in(&stores, None).await;
    act(&stores, worker.job(), JobAction::Undo).await;
    let lease = lease_of(&stores, worker.job()).await;
    assert_eq!(stores.renew(&lease, at(HELD_UNTIL)).await.expect("renewed"), JobState::Undoing);
    stores.leave(&lease, Leave::Done, at(130)).await.expect("left");
    let job = find(&stores, worker.job()).await;
    assert_eq!((job.state, job.finished_at), (JobState::Undone, Some(at(120))));
    assert_eq!(acquire(&stores, ACQUIRED).await, None);
}
