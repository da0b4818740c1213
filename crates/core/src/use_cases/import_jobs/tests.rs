use mockall::Sequence;
use mockall::predicate::{always, eq};

use super::*;
use crate::Timestamp;
use crate::account::{Account, AccountName};
use crate::external_id::ConnectedAccountId;
use crate::job::{JobState, Tally};
use crate::ports::{MockAccountRepository, MockClock, MockImportJobStore};
use crate::vault::VaultAccount;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const ACCOUNT: AccountId = AccountId::DEFAULT;

fn id() -> JobId {
    JobId::try_from(7).expect("an id")
}

fn options() -> JobOptions {
    JobOptions {
        vault: VaultAccount::DEFAULT,
        cards: CardChoice::NamedOrDefault,
        mode: RunMode::Import,
        reading: ReadingChoice::Cheapest,
    }
}

fn job(options: JobOptions, state: JobState, settled: u64) -> Job {
    Job {
        account: ACCOUNT,
        id: id(),
        options,
        state,
        halt: None,
        rows: 10,
        settled,
        tally: Tally::default(),
        canary: None,
        vault_calls: 0,
        created_at: NOW,
        started_at: None,
        finished_at: None,
        updated_at: NOW,
    }
}

fn use_cases(accounts: MockAccountRepository, jobs: MockImportJobStore) -> ImportJobs {
    let mut clock = MockClock::new();
    clock.expect_now().return_const(NOW);
    ImportJobs { accounts: Arc::new(accounts), jobs: Arc::new(jobs), clock: Arc::new(clock) }
}

fn connected(account: Option<&str>) -> MockAccountRepository {
    let connected_account = account.map(|id| ConnectedAccountId::parse(id).expect("an id"));
    let name = AccountName::parse("default").expect("a name");
    let account = Account { connected_account, ..Account::new(ACCOUNT, name) };
    let mut accounts = MockAccountRepository::new();
    accounts.expect_get().once().return_once(move |_| Ok(Some(account)));
    accounts
}

#[tokio::test]
async fn a_job_of_the_connected_account_names_it() {
    let mut jobs = MockImportJobStore::new();
    jobs.expect_create_job()
        .withf(|_, options, _| options.vault.name() == "acct_1")
        .return_once(|_, options, _| Ok(job(options.clone(), JobState::Receiving, 0)));
    let new = NewImportJob { from: ImportFrom::ConnectedAccount, ..NewImportJob::default() };
    let made = use_cases(connected(Some("acct_1")), jobs).create(ACCOUNT, new).await;
    assert_eq!(made.expect("made").state, JobState::Receiving);
}

#[tokio::test]
async fn without_a_connected_account_no_job_is_made() {
    let new = NewImportJob { from: ImportFrom::ConnectedAccount, ..NewImportJob::default() };
    let made = use_cases(connected(None), MockImportJobStore::new()).create(ACCOUNT, new).await;
    assert!(matches!(made, Err(ImportJobError::NotConnected)));
}

#[tokio::test]
async fn a_canary_is_counted_from_what_is_settled_already() {
    let mut jobs = MockImportJobStore::new();
    jobs.expect_find_job().once().return_once(|_, _| Ok(Some(job(options(), JobState::Ready, 3))));
    jobs.expect_act()
        .with(eq(ACCOUNT), eq(id()), eq(JobAction::Start { canary: Some(8) }), eq(NOW))
        .return_once(|_, _, _, _| Ok(job(options(), JobState::Running, 3)));
    let start = JobAction::Start { canary: Some(5) };
    let started = use_cases(MockAccountRepository::new(), jobs).act(ACCOUNT, id(), start).await;
    assert_eq!(started.expect("started").state, JobState::Running);
}

#[tokio::test]
async fn before_a_retry_every_failure_is_forgotten() {
    let (mut jobs, mut order) = (MockImportJobStore::new(), Sequence::new());
    let steps = [(None, Some(5_000)), (Some(5_000), Some(9_000)), (Some(9_000), None)];
    for (after, last) in steps {
        jobs.expect_forget_failures()
            .once()
            .in_sequence(&mut order)
            .with(eq(ACCOUNT), eq(id()), eq(after), always())
            .return_once(move |_, _, _, _| Ok(last));
    }
    jobs.expect_act()
        .once()
        .in_sequence(&mut order)
        .return_once(|_, _, _, _| Ok(job(options(), JobState::Running, 0)));
    let use_cases = use_cases(MockAccountRepository::new(), jobs);
    use_cases.act(ACCOUNT, id(), JobAction::Retry).await.expect("retried");
}

#[tokio::test]
async fn what_is_not_possible_says_what_the_job_is() {
    let mut jobs = MockImportJobStore::new();
    jobs.expect_act().return_once(|_, _, _, _| Err(JobChangeError::State(JobState::Finished)));
    jobs.expect_append().return_once(|_, _, _, _| Err(JobChangeError::Missing));
    let use_cases = use_cases(MockAccountRepository::new(), jobs);
    let error = use_cases.act(ACCOUNT, id(), JobAction::Pause).await.expect_err("finished");
    assert_eq!(error.to_string(), "Job 7 is finished: it can't be paused.");
    let error = use_cases.append(ACCOUNT, id(), &[]).await.expect_err("not there");
    assert_eq!(error.to_string(), "Job 7 not found.");
}

#[tokio::test]
async fn a_job_that_is_cancelled_before_all_rows_came_can_not_be_started() {
    let mut jobs = MockImportJobStore::new();
    jobs.expect_act().return_once(|_, _, _, _| Err(JobChangeError::State(JobState::Receiving)));
    jobs.expect_break_off()
        .once()
        .return_once(|_, _, _| Ok(job(options(), JobState::Cancelled, 0)));
    let use_cases = use_cases(MockAccountRepository::new(), jobs);
    let cancelled = use_cases.act(ACCOUNT, id(), JobAction::Cancel).await.expect("cancelled");
    assert_eq!(cancelled.state, JobState::Cancelled);
}

#[tokio::test]
async fn a_sign_of_life_may_be_lost_but_not_one_of_a_job_that_is_gone() {
    let mut jobs = MockImportJobStore::new();
    let mut order = Sequence::new();
    let failures = [
        JobChangeError::Store(StoreError::new(StoreErrorKind::Unavailable, "away")),
        JobChangeError::Store(StoreError::new(StoreErrorKind::Failed, "refused")),
        JobChangeError::Missing,
    ];
    for failure in failures {
        let append = jobs.expect_append().once().in_sequence(&mut order);
        append.withf(|_, _, rows, _| rows.is_empty()).return_once(|_, _, _, _| Err(failure));
    }
    let jobs = use_cases(MockAccountRepository::new(), jobs);
    jobs.show_life(ACCOUNT, id()).await.expect("it is told later");
    jobs.show_life(ACCOUNT, id()).await.expect_err("refused");
    jobs.show_life(ACCOUNT, id()).await.expect_err("gone");
}

#[tokio::test]
async fn jobs_of_which_nothing_is_heard_for_ten_minutes_are_broken_off() {
    let mut jobs = MockImportJobStore::new();
    jobs.expect_break_off_silent()
        .with(eq(NOW - TimeDelta::minutes(10)), eq(NOW))
        .return_once(|_, _| Ok(vec![id()]));
    let broken = use_cases(MockAccountRepository::new(), jobs).break_off_silent().await;
    assert_eq!(broken.expect("looked"), [id()]);
    // What a store is out of reach for, and a piece of a file comes late, is less by far.
    assert!(ImportJobs::SIGN_OF_LIFE * 5 <= SILENCE.to_std().expect("a time"));
}
