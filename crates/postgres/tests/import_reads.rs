//! What an import reads: rows that an index finds, however many others there are.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::convert::Infallible;
use std::time::Duration;

use cardlift_contract::suite::rows::bare_payment_method;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::api_key::KeyDigest;
use cardlift_core::customer::CustomerId;
use cardlift_core::external_id::ExternalCardId;
use cardlift_core::instrument::Instrument;
use cardlift_core::payment_method::NewPaymentMethod;
use cardlift_core::ports::{ApiKeyStore as _, CustomerRepository, PaymentMethodStore as _};
use cardlift_postgres::{Merge, Options, Postgres};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection as _,
};
use futures_util::future::join_all;
use rstest::rstest;

/// Tables in which looking at every row costs more than asking an index.
const FILLED: &str = "
    INSERT INTO account (name) SELECT 'a' || n FROM generate_series(2, 5000) AS n;
    INSERT INTO api_key (account_id, label, digest, created_at)
    SELECT n, 'k', decode(lpad(to_hex(n), 64, '0'), 'hex'), to_timestamp(n)
    FROM generate_series(1, 5000) AS n;
    INSERT INTO customer (account_id, id, status, standing, created_at, updated_at)
    SELECT 1, n, 'Active', 'Good', to_timestamp(n), to_timestamp(n)
    FROM generate_series(1, 5000) AS n;
    INSERT INTO payment_method (account_id, customer_id, kind, external_customer_id,
        external_card_id, brand, last_four, expiry_month, expiry_year, holder_name, funding, is_default,
        created_at, updated_at)
    SELECT 1, n, 'card', 'cus_' || n, 'card_there' || n, 'Visa', '4242', 1, 2030, '', 'credit', false,
        to_timestamp(n), to_timestamp(n)
    FROM generate_series(1, 5000) AS n;
    ANALYZE";

/// Imports of each of the two: a lot's and each one's own statement.
const IMPORTS: i64 = 40;

#[derive(Debug, QueryableByName)]
struct Reads {
    #[diesel(sql_type = Text)]
    relname: String,
    #[diesel(sql_type = BigInt)]
    whole: i64,
    #[diesel(sql_type = BigInt)]
    by_index: i64,
    #[diesel(sql_type = BigInt)]
    inserted: i64,
}

const READS: &str = "
    SELECT relname::text, seq_scan AS whole, idx_scan AS by_index, n_tup_ins AS inserted
    FROM pg_stat_user_tables
    WHERE relname IN ('account', 'api_key', 'customer', 'payment_method')
    ORDER BY relname";

async fn reads(connection: &mut AsyncPgConnection) -> Vec<Reads> {
    let reads = RunQueryDsl::load(diesel::sql_query(READS), connection).await;
    reads.expect("the numbers that the server keeps")
}

/// The role that serves.
const APPLICATION: &str = "cardlift_application";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Application,
    Owner,
}

#[rstest]
#[case::together(Merge::Concurrent, Role::Application)]
#[case::one_by_one(Merge::Never, Role::Application)]
#[case::together_as_owner(Merge::Concurrent, Role::Owner)]
#[case::one_by_one_as_owner(Merge::Never, Role::Owner)]
#[tokio::test]
async fn no_table_is_read_whole(#[case] merge: Merge, #[case] role: Role) {
    let nothing = |_url: String| async { Ok::<(), Infallible>(()) };
    let database = cardlift_throwaway_postgres::database("empty", nothing).await;
    let database = database.expect("a database");
    let stores = Postgres::open(&Options::new(database.url())).await.expect("connected");
    stores.migrate().await.expect("migrated");
    cardlift_throwaway_postgres::role(APPLICATION).await.expect("a role");
    stores.grant_to(APPLICATION).await.expect("granted");
    drop(stores);
    let mut watcher = AsyncPgConnection::establish(database.url()).await.expect("connected");
    watcher.batch_execute(FILLED).await.expect("filled");
    watcher.batch_execute("SELECT pg_stat_force_next_flush()").await.expect("told");
    let before = reads(&mut watcher).await;

    // One connection, which tells the server what it did as a whole.
    let url = match role {
        Role::Application => database.url_as(APPLICATION).expect("a URL"),
        Role::Owner => database.url().to_owned(),
    };
    let options = Options { connections: 1, merge, ..Options::new(url) };
    let stores = Postgres::open(&options).await.expect("connected");
    // Alone, and more often than the server plans a statement anew; then all at once.
    for number in 1..=IMPORTS {
        import(&stores, number).await;
    }
    join_all((IMPORTS + 1..=2 * IMPORTS).map(|number| import(&stores, number))).await;
    // And again, of cards that are there.
    join_all((IMPORTS + 1..=2 * IMPORTS).map(|number| import(&stores, number))).await;
    drop(stores);

    let after = told(&mut watcher, &before).await;
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(after.whole, before.whole, "read whole: {after:?}");
        assert!(after.by_index > before.by_index, "found by an index: {after:?}");
    }
}

/// What an import asks of the tables.
async fn import(stores: &Postgres, number: i64) {
    let mut digest = [0; 32];
    digest[24..].copy_from_slice(&number.to_be_bytes());
    let key = stores.find_by_digest(&KeyDigest::from_bytes(digest)).await;
    assert!(key.expect("asked").is_some());
    let customer = CustomerId::try_from(number).expect("an id");
    let found = CustomerRepository::find(stores, AccountId::DEFAULT, customer).await;
    assert!(found.expect("asked").is_some());
    let NewPaymentMethod { instrument, default, .. } = bare_payment_method();
    let Instrument::Card(mut card) = instrument else { unreachable!("it is a card") };
    card.external_card = ExternalCardId::parse(&format!("card_{number}")).expect("an id");
    let new = NewPaymentMethod { customer, instrument: card.into(), default };
    stores.save(AccountId::DEFAULT, &new, Timestamp::UNIX_EPOCH).await.expect("saved");
}

/// What was read when the server knows of every insert. A connection tells it of all its tables at
/// once, at the latest when it ends.
async fn told(watcher: &mut AsyncPgConnection, before: &[Reads]) -> Vec<Reads> {
    let inserted = |reads: &[Reads]| {
        let methods = reads.iter().find(|reads| reads.relname == "payment_method");
        methods.map_or(0, |reads| reads.inserted)
    };
    for _ in 0..300 {
        let now = reads(watcher).await;
        if inserted(&now) - inserted(before) >= 2 * IMPORTS {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    unreachable!("the server was not told of the imports within 30 s")
}
