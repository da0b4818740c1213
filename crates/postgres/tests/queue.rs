//! What two workers see who look for a job at once.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::convert::Infallible;
use std::time::Duration;

use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::job::{CardChoice, JobAction, JobOptions, ReadingChoice, RunMode};
use cardlift_core::ports::{ImportJobStore, JobQueue, WorkerId};
use cardlift_core::vault::VaultAccount;
use cardlift_postgres::{Options, Postgres};
use cardlift_sql::queue::{NEXT, NextJob};
use diesel::QueryResult;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};

/// Between the moment that a statement sees and the one when it takes what it found, another worker
/// may come and go: as a rule for no longer than an instant, here for as long as it takes.
#[tokio::test]
async fn a_job_that_was_taken_after_the_statement_began_is_not_taken_again() {
    let nothing = |_url: String| async { Ok::<(), Infallible>(()) };
    let database = cardlift_throwaway_postgres::database("empty", nothing).await;
    let database = database.expect("a database");
    let stores = Postgres::open(&Options::new(database.url())).await.expect("connected");
    stores.migrate().await.expect("migrated");
    start_job(&stores).await;
    let mut connection = AsyncPgConnection::establish(database.url()).await.expect("connected");
    let slow = NEXT
        .replace("FROM import_job AS job", "FROM pg_sleep(1) AS slow CROSS JOIN import_job AS job")
        .replace("$1", "NULL::bigint")
        .replace("$2", "to_timestamp(0)");
    let slow = tokio::spawn(async move {
        let query = diesel::sql_query(format!("{slow} FOR NO KEY UPDATE OF job SKIP LOCKED"));
        let taken: QueryResult<Vec<NextJob>> = RunQueryDsl::load(query, &mut connection).await;
        taken.expect("asked").len()
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (worker, until) = (WorkerId("fast".into()), Timestamp::from_timestamp(60, 0));
    let until = until.expect("an instant");
    let taken = stores.acquire(&worker, None, Timestamp::UNIX_EPOCH, until).await.expect("asked");
    assert!(taken.is_some());
    assert_eq!(slow.await.expect("no panic"), 0);
}

async fn start_job(stores: &Postgres) {
    let options = JobOptions {
        vault: VaultAccount::DEFAULT,
        cards: CardChoice::NamedOrDefault,
        mode: RunMode::Import,
        reading: ReadingChoice::Cheapest,
    };
    let (account, at) = (AccountId::DEFAULT, Timestamp::UNIX_EPOCH);
    let job = stores.create_job(account, &options, at).await.expect("made").id;
    for action in [JobAction::Seal, JobAction::Start { canary: None }] {
        stores.act(account, job, action, at).await.expect("possible");
    }
}
