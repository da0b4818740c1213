//! Calls that are carried out together, of which one meets what is its own.
//!
//! Each test is on one thread, where all calls have come before the first lot is begun.
#![expect(clippy::expect_used, reason = "a test that meets what it does not expect has failed")]

use std::convert::Infallible;
use std::time::{Duration, Instant};

use cardlift_contract::suite::rows::bare_payment_method;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::customer::CustomerId;
use cardlift_core::external_id::ExternalCardId;
use cardlift_core::instrument::Instrument;
use cardlift_core::payment_method::{NewPaymentMethod, SaveOutcome};
use cardlift_core::ports::{CustomerRepository, PaymentMethodStore as _, StoreErrorKind};
use cardlift_postgres::{Options, Postgres};
use cardlift_throwaway_postgres::TestDatabase;
use diesel::sql_types::{BigInt, Integer};
use diesel::{QueryResult, QueryableByName};
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection as _,
};
use futures_util::future::{join, join_all};
use rstest::rstest;
use tokio::task::JoinHandle;

const CUSTOMERS: &str = "
    INSERT INTO customer (account_id, id, status, standing, created_at, updated_at)
    SELECT 1, n, 'Active', 'Good', to_timestamp(n), to_timestamp(n) FROM generate_series(1, 8) AS n";

/// A card of customer 1, as somebody else adds it.
const ADD: &str = "
    INSERT INTO payment_method (account_id, customer_id, kind, external_customer_id,
        external_card_id, brand, last_four, expiry_month, expiry_year, holder_name, funding,
        is_default, created_at, updated_at)
    VALUES (1, 1, 'card', 'cus_1', '$1', 'Visa', '4242', 1, 2030, '', 'credit', false, now(), now())";

/// A database with eight customers, and a connection of its owner's.
async fn filled() -> (TestDatabase, AsyncPgConnection) {
    let nothing = |_url: String| async { Ok::<(), Infallible>(()) };
    let database = cardlift_throwaway_postgres::database("empty", nothing).await;
    let database = database.expect("a database");
    let stores = open(Options::new(database.url())).await;
    stores.migrate().await.expect("migrated");
    let mut owner = connect(&database).await;
    owner.batch_execute(CUSTOMERS).await.expect("filled");
    (database, owner)
}

async fn open(options: Options) -> Postgres {
    Postgres::open(&options).await.expect("connected")
}

async fn connect(database: &TestDatabase) -> AsyncPgConnection {
    AsyncPgConnection::establish(database.url()).await.expect("a connection")
}

/// Saves a card of customer 1.
async fn save(stores: &Postgres, card_id: &str) -> SaveOutcome {
    let NewPaymentMethod { customer, instrument, default } = bare_payment_method();
    let Instrument::Card(mut card) = instrument else { unreachable!("it is a card") };
    card.external_card = ExternalCardId::parse(card_id).expect("an id");
    let new = NewPaymentMethod { customer, instrument: card.into(), default };
    let saved = stores.save(AccountId::DEFAULT, &new, Timestamp::UNIX_EPOCH).await;
    saved.expect("saved").outcome
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Process {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

async fn count(connection: &mut AsyncPgConnection, query: &str) -> i64 {
    let query = diesel::sql_query(format!("SELECT count(*) AS count FROM {query}"));
    let counted: QueryResult<Counted> = query.get_result(connection).await;
    counted.expect("counted").count
}

/// Who is connected, and has asked this last.
fn who_asked(text: &str) -> String {
    format!(
        "pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND backend_type = 'client backend' AND strpos(query, '{text}') > 0"
    )
}

#[tokio::test]
async fn a_customer_that_can_not_be_read_fails_alone() {
    let (database, mut owner) = filled().await;
    let spoil = "UPDATE customer SET created_at = 'infinity' WHERE id = 4";
    owner.batch_execute(spoil).await.expect("spoilt");
    let stores = open(Options::new(database.url())).await;
    let finds = (1_i64..=8).map(|id| {
        let id = CustomerId::try_from(id).expect("an id");
        CustomerRepository::find(&stores, AccountId::DEFAULT, id)
    });
    for (id, found) in (1_i64..).zip(join_all(finds).await) {
        let found = found.map(|found| found.map(|customer| customer.id.get()));
        let expected = if id == 4 { Err(StoreErrorKind::Corrupt) } else { Ok(Some(id)) };
        assert_eq!(found.map_err(|error| error.kind()), expected, "customer {id}");
    }
    let lots = count(&mut owner, &who_asked("AS asked (account_id, id, place)")).await;
    assert_eq!(lots, 1, "they were not looked up together");
}

/// Saves of nine cards that go together; the last of them in the lot's order somebody else has added, and
/// not committed.
struct Lot {
    others: Vec<JoinHandle<SaveOutcome>>,
    held: JoinHandle<SaveOutcome>,
    holder: AsyncPgConnection,
    watcher: AsyncPgConnection,
    _database: TestDatabase,
}

impl Lot {
    async fn begin(connections: usize, timeout: Duration) -> Self {
        let (database, mut holder) = filled().await;
        holder.batch_execute("BEGIN").await.expect("begun");
        holder.batch_execute(&ADD.replace("$1", "card_held")).await.expect("added");
        let watcher = connect(&database).await;
        let options = Options { connections, timeout, ..Options::new(database.url()) };
        let stores = open(options).await;
        let begin = |card_id: String| {
            let stores = stores.clone();
            tokio::spawn(async move { save(&stores, &card_id).await })
        };
        let held = begin("card_held".to_owned());
        let others = (1..=8).map(|number| begin(format!("card_{number}"))).collect();
        Self { others, held, holder, watcher, _database: database }
    }

    /// The server's process that the lot is in, once that waits for the holder.
    async fn process(&mut self) -> i32 {
        let who = who_asked("INSERT INTO payment_method AS there");
        let query = format!("SELECT pid FROM {who} AND wait_event_type = 'Lock'");
        for _ in 0..3_000 {
            let waiting: QueryResult<Vec<Process>> =
                diesel::sql_query(&query).load(&mut self.watcher).await;
            match waiting.expect("asked").as_slice() {
                [] => tokio::time::sleep(Duration::from_millis(10)).await,
                [process] => return process.pid,
                _ => unreachable!("there is more than one lot"),
            }
        }
        unreachable!("no lot has waited within 30 s")
    }

    /// While somebody still holds the last one.
    async fn others_are_saved(&mut self) {
        for save in self.others.drain(..) {
            assert_eq!(save.await.expect("no panic"), SaveOutcome::Imported);
        }
    }

    async fn held_is_saved_when_it_may_be(mut self) {
        self.holder.batch_execute("ROLLBACK").await.expect("let go");
        assert_eq!(self.held.await.expect("no panic"), SaveOutcome::Imported);
        let told = "payment_method AS saved
            JOIN audit_batch ON saved.id::text = ANY (string_to_array(subjects, ','))";
        assert_eq!(count(&mut self.watcher, told).await, 9, "the trail tells of each once");
        let lines = "audit_batch, unnest(string_to_array(subjects, ','))";
        assert_eq!(count(&mut self.watcher, lines).await, 9, "and of nothing else");
    }
}

#[rstest]
#[case::on_connections_of_the_lots(16)]
#[case::on_everybodys(4)]
#[tokio::test]
async fn a_row_that_somebody_holds_fails_none_of_the_others(#[case] connections: usize) {
    let timeout = Duration::from_secs(16);
    let mut lot = Lot::begin(connections, timeout).await;
    let began = Instant::now();
    lot.others_are_saved().await;
    assert!(began.elapsed() >= timeout / 4, "the others did not wait with it");
    lot.held_is_saved_when_it_may_be().await;
}

#[tokio::test]
async fn a_lot_that_the_server_stops_fails_none_of_its_calls() {
    let mut lot = Lot::begin(16, Duration::from_secs(60)).await;
    let process = lot.process().await;
    let add = format!("SET lock_timeout = '100ms'; {}", ADD.replace("$1", "card_1"));
    let error = lot.watcher.batch_execute(&add).await.expect_err("the lot has added it");
    assert!(error.to_string().contains("lock timeout"), "{error}");
    let cancel = format!("SELECT pg_cancel_backend({process})");
    lot.watcher.batch_execute(&cancel).await.expect("cancelled");
    lot.others_are_saved().await;
    lot.held_is_saved_when_it_may_be().await;
}

const ROUNDS: u32 = 30;

/// Two processes bring the same cards at once, one of them in the reverse order.
#[tokio::test]
async fn lots_of_two_processes_do_not_wait_for_each_other_in_a_ring() {
    let (database, mut owner) = filled().await;
    let options = || Options { timeout: Duration::from_secs(60), ..Options::new(database.url()) };
    let (one, other) = join(open(options()), open(options())).await;
    for round in 0..ROUNDS {
        let cards: Vec<_> = (10..58).map(|number| format!("card_{round}_{number}")).collect();
        let forth = join_all(cards.iter().map(|card| save(&one, card)));
        let back = join_all(cards.iter().rev().map(|card| save(&other, card)));
        let (forth, back) = join(forth, back).await;
        let imported = |outcome: &&SaveOutcome| **outcome == SaveOutcome::Imported;
        assert_eq!(forth.iter().chain(&back).filter(imported).count(), cards.len());
    }
    drop((one, other));
    // Who ends has told the server what it met.
    let mut ended = false;
    for _ in 0..3_000 {
        if count(&mut owner, &who_asked("")).await == 0 {
            ended = true;
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(ended, "somebody was still connected after 30 s");
    let rings = "pg_stat_database WHERE datname = current_database() AND deadlocks > 0";
    assert_eq!(count(&mut owner, rings).await, 0);
    let lots = "audit_batch WHERE cardinality(string_to_array(subjects, ',')) = 48";
    assert_eq!(count(&mut owner, lots).await, i64::from(ROUNDS), "each was one lot");
}
