//! What is done with import jobs, and when it can be done.

use cardlift_core::job::{HaltReason, JobAction, JobId, JobOptions, JobState};
use cardlift_core::ports::{JobChangeError, Leave};
use futures_util::future::join_all;

use super::Subject;
use super::data::{ACCOUNT, at, other_account};
use super::job_data::{
    START, act, find, lease_of, options, options_of_vault, receiving, row, rows, started,
};

const ACTIONS: [JobAction; 7] = [
    JobAction::Seal,
    START,
    JobAction::Pause,
    JobAction::Resume,
    JobAction::Cancel,
    JobAction::Retry,
    JobAction::Undo,
];

/// A job without rows in this state, the only one of its account of the vault.
async fn job_in(stores: &Subject, options: &JobOptions, state: JobState) -> JobId {
    let job = receiving(stores, options, &[]).await;
    let steps: &[JobAction] = match state {
        JobState::Receiving => &[],
        JobState::Ready => &[JobAction::Seal],
        JobState::Running | JobState::Finished => &[JobAction::Seal, START],
        JobState::Paused => &[JobAction::Seal, START, JobAction::Pause],
        JobState::Cancelled => &[JobAction::Seal, JobAction::Cancel],
        JobState::Undoing | JobState::Undone => {
            &[JobAction::Seal, JobAction::Cancel, JobAction::Undo]
        }
    };
    for step in steps {
        act(stores, job, *step).await;
    }
    if matches!(state, JobState::Finished | JobState::Undone) {
        let lease = lease_of(stores, job).await;
        stores.leave(&lease, Leave::Done, at(120)).await.expect("left");
    }
    assert_eq!(find(stores, job).await.state, state);
    job
}

fn check_state<T: std::fmt::Debug>(result: Result<T, JobChangeError>, expected: JobState) {
    let error = result.expect_err("it is in another state");
    let as_expected = matches!(error, JobChangeError::State(state) if state == expected);
    assert!(as_expected, "{expected:?}: {error:?}");
}

/// From every state, every action: it leads where it is to, or changes nothing.
pub async fn an_action_is_possible_in_its_states_and_no_others(stores: Subject) {
    let cases = JobState::ALL.into_iter().flat_map(|state| ACTIONS.map(|action| (state, action)));
    for (number, (state, action)) in cases.enumerate() {
        let job = job_in(&stores, &options_of_vault(number), state).await;
        let before = find(&stores, job).await;
        let result = stores.act(ACCOUNT, job, action, at(200)).await;
        let after = find(&stores, job).await;
        if action.from().contains(&state) {
            let changed = result.expect("possible");
            assert_eq!((changed.state, changed.updated_at), (action.to(), at(200)));
            assert_eq!(after, changed);
        } else {
            check_state(result, state);
            assert_eq!(after, before);
        }
    }
}

/// Whoever comes late is told where the job stands.
pub async fn rows_come_while_a_job_receives_them_only(stores: Subject) {
    for (number, state) in JobState::ALL.into_iter().enumerate().skip(1) {
        let job = job_in(&stores, &options_of_vault(number), state).await;
        let before = find(&stores, job).await;
        check_state(stores.append(ACCOUNT, job, &rows(&["a"]), at(200)).await, state);
        check_state(stores.break_off(ACCOUNT, job, at(200)).await, state);
        assert_eq!(find(&stores, job).await, before);
    }
}

/// So that nothing is forgotten that nobody tries again.
pub async fn failures_are_forgotten_where_they_can_be_tried_again(stores: Subject) {
    for (number, state) in JobState::ALL.into_iter().enumerate() {
        let job = job_in(&stores, &options_of_vault(number), state).await;
        let forgotten = stores.forget_failures(ACCOUNT, job, None, at(200)).await;
        if JobAction::Retry.from().contains(&state) {
            assert_eq!(forgotten.expect("possible"), None, "there are no rows");
        } else {
            check_state(forgotten, state);
        }
    }
}

/// One that was stopped before still has it before it.
pub async fn a_canary_is_gone_when_it_was_done(stores: Subject) {
    for (number, (rows, after)) in [(5, Some(5)), (0, None)].into_iter().enumerate() {
        let job = job_in(&stores, &options_of_vault(number), JobState::Ready).await;
        let canary = Some(rows);
        assert_eq!(act(&stores, job, JobAction::Start { canary }).await.canary, canary);
        assert_eq!(act(&stores, job, JobAction::Pause).await.canary, canary);
        assert_eq!(act(&stores, job, JobAction::Resume).await.canary, after);
    }
}

/// The time of the first start stays.
pub async fn a_job_is_first_started_once(stores: Subject) {
    let job = job_in(&stores, &options(), JobState::Ready).await;
    assert_eq!(find(&stores, job).await.started_at, None);
    assert_eq!(act(&stores, job, START).await.started_at, Some(at(10)));
    act(&stores, job, JobAction::Pause).await;
    let resumed = stores.act(ACCOUNT, job, JobAction::Resume, at(20)).await.expect("resumed");
    assert_eq!((resumed.started_at, resumed.updated_at), (Some(at(10)), at(20)));
}

/// Of many starts one counts, with what it asked for.
pub async fn of_starts_at_once_one_is_carried_out(stores: Subject) {
    let job = job_in(&stores, &options(), JobState::Ready).await;
    let starts = (1..=16).map(|canary| {
        let stores = stores.clone();
        let start = JobAction::Start { canary: Some(canary) };
        tokio::spawn(async move { stores.act(ACCOUNT, job, start, at(20)).await })
    });
    let mut winners = Vec::new();
    for start in join_all(starts).await {
        match start.expect("no panic") {
            Ok(job) => winners.push(job),
            refused => check_state(refused, JobState::Running),
        }
    }
    assert_eq!(winners, [find(&stores, job).await]);
}

/// A job goes on, or is undone: never both.
pub async fn of_two_ways_on_one_is_taken(stores: Subject) {
    for number in 0..16 {
        let job = job_in(&stores, &options_of_vault(number), JobState::Paused).await;
        let ways = [JobAction::Resume, JobAction::Undo].map(|action| {
            let stores = stores.clone();
            tokio::spawn(async move { stores.act(ACCOUNT, job, action, at(20)).await })
        });
        let results = join_all(ways).await.into_iter().map(|result| result.expect("no panic"));
        let (taken, refused): (Vec<_>, Vec<_>) = results.partition(Result::is_ok);
        let state = find(&stores, job).await.state;
        assert_eq!(taken.into_iter().flatten().map(|job| job.state).collect::<Vec<_>>(), [state]);
        assert_eq!(refused.len(), 1);
        for refused in refused {
            check_state(refused, state);
        }
    }
}

/// Whoever lets it go on has seen it.
pub async fn a_reason_to_halt_is_gone_when_something_is_done(stores: Subject) {
    let then = [JobAction::Resume, JobAction::Cancel, JobAction::Undo];
    for (number, action) in then.into_iter().enumerate() {
        let reason = HaltReason::ALL[number % 3];
        let job = started(&stores, &options_of_vault(number), &rows(&["a"])).await;
        let lease = lease_of(&stores, job).await;
        stores.leave(&lease, Leave::Halted(reason), at(120)).await.expect("left");
        assert_eq!(find(&stores, job).await.halt, Some(reason));
        assert_eq!(act(&stores, job, action).await.halt, None);
    }
}

/// What there is of it can be undone, and that is all.
pub async fn a_job_whose_rows_did_not_all_come_can_not_be_started(stores: Subject) {
    let job = receiving(&stores, &options(), &[row(1, "a", 1)]).await;
    let broken = stores.break_off(ACCOUNT, job, at(20)).await.expect("broken off");
    assert_eq!(broken.state, JobState::Cancelled);
    assert_eq!((broken.halt, broken.updated_at), (Some(HaltReason::UploadBroken), at(20)));
    assert_eq!(find(&stores, job).await, broken);
    for action in [JobAction::Seal, START, JobAction::Resume, JobAction::Retry] {
        check_state(stores.act(ACCOUNT, job, action, at(21)).await, JobState::Cancelled);
    }
    let forgotten = stores.forget_failures(ACCOUNT, job, None, at(21)).await;
    check_state(forgotten, JobState::Cancelled);
    check_state(stores.append(ACCOUNT, job, &[row(2, "b", 1)], at(21)).await, JobState::Cancelled);
    assert_eq!(find(&stores, job).await, broken);
    assert_eq!(act(&stores, job, JobAction::Undo).await.halt, Some(HaltReason::UploadBroken));
}

/// Of whichever account; not one that rows came to since, or of which it was said that they come.
pub async fn jobs_whose_rows_come_no_more_are_broken_off(stores: Subject) {
    let other = other_account(&stores).await.id;
    let silent = receiving(&stores, &options(), &[row(1, "a", 1)]).await;
    let empty = stores.create_job(other, &options(), at(29)).await.expect("made").id;
    let alive = stores.create_job(ACCOUNT, &options(), at(3)).await.expect("made").id;
    stores.append(ACCOUNT, alive, &[row(1, "b", 1)], at(30)).await.expect("appended");
    let said = receiving(&stores, &options(), &[row(1, "c", 1)]).await;
    stores.append(ACCOUNT, said, &[], at(40)).await.expect("said");
    let sealed = stores.create_job(ACCOUNT, &options(), at(5)).await.expect("made").id;
    act(&stores, sealed, JobAction::Seal).await;
    let mut broken = stores.break_off_silent(at(30), at(50)).await.expect("looked");
    broken.sort_unstable();
    assert_eq!(broken, [silent, empty]);
    let found = find(&stores, silent).await;
    assert_eq!((found.state, found.halt), (JobState::Cancelled, Some(HaltReason::UploadBroken)));
    assert_eq!((found.rows, found.updated_at), (1, at(50)));
    let late = stores.append(ACCOUNT, silent, &[row(2, "d", 1)], at(51)).await;
    check_state(late, JobState::Cancelled);
    for (job, state) in
        [(alive, JobState::Receiving), (said, JobState::Receiving), (sealed, JobState::Ready)]
    {
        let found = find(&stores, job).await;
        assert_eq!((found.state, found.halt), (state, None));
    }
    assert_eq!(stores.break_off_silent(at(30), at(60)).await.expect("looked"), []);
}
