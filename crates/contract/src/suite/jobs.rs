//! Import jobs and their rows, as they come in.

use cardlift_core::account::AccountId;
use cardlift_core::job::{
    CardChoice, FailureReason, Job, JobAction, JobId, JobOptions, JobRow, JobState, NewJobRow,
    OutcomeFilter, ReadingChoice, RowContent, RowOutcome, RunMode, Tally,
};
use cardlift_core::page::{PageRequest, SortOrder};
use cardlift_core::ports::{JobChangeError, StoreErrorKind, Wanted};
use cardlift_core::vault::VaultAccount;

use super::Subject;
use super::data::{ACCOUNT, at, other_account};
use super::job_data::{
    act, check_totals, find, invalid_row, many_rows, options, outcomes, receiving, results, row,
    row_of, rows, target,
};

pub(crate) const INVALID: RowOutcome = RowOutcome::Failed(FailureReason::InvalidRow);
pub(crate) const DUPLICATE: RowOutcome = RowOutcome::Failed(FailureReason::DuplicateRow);

/// A row as it is kept that nothing has become of.
fn kept(new: &NewJobRow) -> JobRow {
    JobRow {
        line: new.line,
        part: 0,
        target: Some(target(new).clone()),
        outcome: None,
        field: None,
        detail: None,
        payment_method: None,
        undone: false,
    }
}

/// Whatever it is to do is kept, and nothing has happened yet.
pub async fn a_new_job_receives_its_rows(stores: Subject) {
    let vault = VaultAccount::from_name("acct_1").expect("an account");
    let (mode, reading) = (RunMode::DryRun, ReadingChoice::Scan);
    let unusual = JobOptions { vault, cards: CardChoice::All, mode, reading };
    let customers = JobOptions { reading: ReadingChoice::Customers, ..options() };
    for options in [options(), unusual, customers] {
        let new = stores.create_job(ACCOUNT, &options, at(5)).await.expect("made");
        let expected = Job {
            account: ACCOUNT,
            id: new.id,
            options,
            state: JobState::Receiving,
            halt: None,
            rows: 0,
            settled: 0,
            tally: Tally::default(),
            canary: None,
            vault_calls: 0,
            created_at: at(5),
            started_at: None,
            finished_at: None,
            updated_at: at(5),
        };
        assert_eq!(new, expected);
        assert_eq!(find(&stores, new.id).await, expected);
    }
}

/// No account, no job.
pub async fn a_job_needs_an_account(stores: Subject) {
    let nobody = AccountId::try_from(99).expect("an id");
    let error = stores.create_job(nobody, &options(), at(0)).await.expect_err("no account");
    assert_eq!(error.kind(), StoreErrorKind::Failed);
}

/// With or without a card, and as they were given.
pub async fn rows_are_kept_as_they_came(stores: Subject) {
    let new = [row(2, "a", 1), row_of(3, "b", None, 7), row_of(9, "b", Some("pm_1"), i64::MAX)];
    let job = receiving(&stores, &options(), &new).await;
    assert_eq!(results(&stores, job).await, new.each_ref().map(kept));
    let found = find(&stores, job).await;
    assert_eq!((found.rows, found.settled, found.pending()), (3, 0, 3));
    assert_eq!((found.state, found.updated_at), (JobState::Receiving, at(2)));
}

/// Its outcome says which field is wrong, where it is one, and how.
pub async fn a_row_that_can_not_be_understood_fails_at_once(stores: Subject) {
    let problem = "a quote \" is missing";
    let content = RowContent::Invalid { field: None, problem: problem.into() };
    let broken = NewJobRow { line: 3, content };
    let job = receiving(&stores, &options(), &[row(1, "a", 1), invalid_row(2), broken]).await;
    let results = results(&stores, job).await;
    assert_eq!((results.len(), results[0].outcome), (3, None));
    assert_eq!((&results[1].target, results[1].outcome), (&None, Some(INVALID)));
    assert_eq!(results[1].field.as_deref(), Some("customerId"));
    assert_eq!(results[1].detail.as_deref(), Some("must be a number"));
    assert_eq!((&results[2].field, results[2].detail.as_deref()), (&None, Some(problem)));
    check_totals(&stores, job).await;
}

/// In one go with the earlier one, or later; once for each.
pub async fn a_row_that_asks_for_the_same_is_a_duplicate(stores: Subject) {
    let job = receiving(&stores, &options(), &[row(1, "a", 1), row(2, "a", 1)]).await;
    let more = [
        row(3, "a", 2),
        row(4, "b", 1),
        row(5, "a", 1),
        row_of(6, "AExsNjBZDLMNDK", None, 1),
        row_of(7, "AExsNjBZDLMNDK", None, 1),
        row_of(8, "other", Some("card_a"), 1),
    ];
    stores.append(ACCOUNT, job, &more, at(3)).await.expect("appended");
    let duplicates = outcomes(&stores, job).await.into_iter().filter(|(_, outcome)| {
        let duplicate = *outcome == Some(DUPLICATE);
        assert!(duplicate || outcome.is_none(), "{outcome:?}");
        duplicate
    });
    assert_eq!(duplicates.map(|(line, _)| line).collect::<Vec<_>>(), [2, 5, 7]);
    let detail = results(&stores, job).await.into_iter().nth(1).expect("a row").detail;
    assert_eq!(detail.as_deref(), Some("An earlier row asks for the same."));
    check_totals(&stores, job).await;
}

/// Another job may ask for the same again.
pub async fn rows_of_two_jobs_are_no_duplicates(stores: Subject) {
    for _ in 0..2 {
        let job = receiving(&stores, &options(), &rows(&["a", "b"])).await;
        assert_eq!(outcomes(&stores, job).await, [(1, None), (2, None)]);
    }
}

/// Thousands at once, and thousands after them.
pub async fn rows_come_in_batches(stores: Subject) {
    let job = receiving(&stores, &options(), &[]).await;
    for first in [1, 2_001, 4_001] {
        let batch = many_rows(first..first + 2_000);
        stores.append(ACCOUNT, job, &batch, at(3)).await.expect("appended");
    }
    let found = find(&stores, job).await;
    assert_eq!((found.rows, found.settled, found.updated_at), (6_000, 0, at(3)));
    check_totals(&stores, job).await;
}

/// All rows of a batch, or none.
pub async fn a_line_comes_once(stores: Subject) {
    let job = receiving(&stores, &options(), &rows(&["a", "b"])).await;
    let batch = [row(2, "c", 1), row(3, "d", 1)];
    let error = stores.append(ACCOUNT, job, &batch, at(3)).await.expect_err("line 2 is there");
    assert!(matches!(error, JobChangeError::Store(_)), "{error:?}");
    assert_eq!(outcomes(&stores, job).await, [(1, None), (2, None)]);
    check_totals(&stores, job).await;
}

/// Each once, by id, and none of another account.
pub async fn jobs_are_listed_either_way(stores: Subject) {
    let other = other_account(&stores).await.id;
    let mut ids = Vec::new();
    for second in 0..5 {
        stores.create_job(other, &options(), at(0)).await.expect("made");
        ids.push(stores.create_job(ACCOUNT, &options(), at(second)).await.expect("made").id);
    }
    let page = async |order, number, size| {
        let page = PageRequest::new(number, size).expect("a page");
        let page = stores.list_jobs(ACCOUNT, order, page).await.expect("listed");
        assert_eq!(page.total, 5);
        page.items.into_iter().map(|job| job.id).collect::<Vec<_>>()
    };
    assert!(ids.is_sorted_by(|one, next| one < next));
    assert_eq!(page(SortOrder::Ascending, 0, 3).await, ids[..3]);
    assert_eq!(page(SortOrder::Ascending, 1, 3).await, ids[3..]);
    assert_eq!(page(SortOrder::Descending, 0, 2).await, [ids[4], ids[3]]);
    assert_eq!(page(SortOrder::Ascending, 2, 3).await, []);
}

/// Another account's job is as good as none.
pub async fn accounts_do_not_see_each_others_jobs(stores: Subject) {
    let other = other_account(&stores).await.id;
    let job = receiving(&stores, &options(), &rows(&["a"])).await;
    check_missing(&stores, other, job).await;
    act(&stores, job, JobAction::Seal).await;
    act(&stores, job, JobAction::Cancel).await;
    check_missing(&stores, other, job).await;
    check_missing(&stores, ACCOUNT, JobId::try_from(i64::MAX).expect("an id")).await;
    assert_eq!(find(&stores, job).await.state, JobState::Cancelled);
}

async fn check_missing(stores: &Subject, account: AccountId, job: JobId) {
    let missing = |result: Result<(), JobChangeError>| {
        let error = result.expect_err("there is no such job");
        assert!(matches!(error, JobChangeError::Missing), "{error:?}");
    };
    assert_eq!(stores.find_job(account, job).await.expect("asked"), None);
    let results = stores.results(account, job, OutcomeFilter::Every, None, 10).await;
    assert_eq!(results.expect("asked"), []);
    let wanted = Wanted::find(stores.as_ref(), account, job).await;
    assert_eq!(wanted.expect("asked"), Wanted::default());
    missing(stores.append(account, job, &rows(&["z"]), at(3)).await);
    for action in [JobAction::Seal, JobAction::Cancel, JobAction::Retry, JobAction::Undo] {
        missing(stores.act(account, job, action, at(3)).await.map(drop));
    }
    missing(stores.break_off(account, job, at(3)).await.map(drop));
    missing(stores.forget_failures(account, job, None, at(3)).await.map(drop));
}
