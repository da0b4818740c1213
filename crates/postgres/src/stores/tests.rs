//! What is sent to the server, by what the server says of it: the statements that a connection has prepared,
//! and what it read.

mod plans;
mod reads;
mod sent;

use cardlift_contract::suite::rows::bare_payment_method;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::api_key::KeyDigest;
use cardlift_core::customer::CustomerId;
use cardlift_core::external_id::ExternalCardId;
use cardlift_core::instrument::Instrument;
use cardlift_core::payment_method::NewPaymentMethod;
use cardlift_core::ports::{ApiKeyStore as _, CustomerRepository, PaymentMethodStore};
use cardlift_throwaway_postgres::TestDatabase;
use diesel::sql_types::{Integer, Text};
use diesel::{QueryResult, QueryableByName};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection as _};

use crate::testing::{self, APPLICATION};
use crate::{Merge, Options, Postgres};

/// How many rows each table has in which looking at every row costs more than asking an index.
const MANY: i64 = 5_000;

/// Tables with so many rows each. The first account, key and customer have the number 1, and so has the
/// first payment method, which is its customer's default.
fn filled(rows: i64) -> String {
    format!(
        "INSERT INTO account (name) SELECT 'a' || n FROM generate_series(2, {rows}) AS n;
        INSERT INTO api_key (account_id, label, digest, created_at)
        SELECT n, 'k', decode(lpad(to_hex(n), 64, '0'), 'hex'), to_timestamp(n)
        FROM generate_series(1, {rows}) AS n;
        INSERT INTO customer (account_id, id, status, standing, created_at, updated_at)
        SELECT 1, n, 'Active', 'Good', to_timestamp(n), to_timestamp(n)
        FROM generate_series(1, {rows}) AS n;
        INSERT INTO payment_method (account_id, customer_id, kind, external_customer_id,
            external_card_id, brand, last_four, expiry_month, expiry_year, holder_name, funding,
            is_default, created_at, updated_at)
        SELECT 1, n, 'card', 'cus_' || n, 'card_there' || n, 'Visa', '4242', 1, 2030, '',
            'credit', true, to_timestamp(n), to_timestamp(n)
        FROM generate_series(1, {rows}) AS n"
    )
}

#[derive(Debug, Clone, Copy)]
enum Role {
    Application,
    Owner,
}

/// A database whose tables have so many rows each.
async fn database(rows: i64) -> TestDatabase {
    testing::database(&[&filled(rows), "VACUUM (ANALYZE)"]).await
}

/// Stores there.
async fn connect(
    database: &TestDatabase,
    role: Role,
    merge: Merge,
    connections: usize,
) -> Postgres {
    let url = match role {
        Role::Application => database.url_as(APPLICATION).expect("a URL"),
        Role::Owner => database.url().to_owned(),
    };
    let options = Options { connections, merge, ..Options::new(url) };
    Postgres::open(&options).await.expect("connected")
}

/// Stores with a single connection, on which nothing was asked yet.
async fn open(role: Role, merge: Merge) -> (Postgres, TestDatabase) {
    let database = database(MANY).await;
    (connect(&database, role, merge, 1).await, database)
}

/// A statement that the connection has prepared.
#[derive(Debug, PartialEq, Eq, QueryableByName)]
struct Sent {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = Integer)]
    parameters: i32,
}

/// One that is prepared anew each time that it runs is gone by then, and so is this one the next time.
const PREPARED: &str = "
    SELECT name, statement AS text, cardinality(parameter_types) AS parameters
    FROM pg_prepared_statements
    WHERE statement NOT LIKE '%pg_prepared_statements%' AND statement NOT LIKE 'EXPLAIN%'
    ORDER BY prepare_time, name";

/// What the one connection has prepared, in the order in which it did.
async fn prepared(stores: &Postgres) -> Vec<Sent> {
    let mut connection = stores.connection_across().await.expect("a connection");
    let connection: &mut AsyncPgConnection = &mut connection;
    let prepared: QueryResult<Vec<Sent>> = diesel::sql_query(PREPARED).load(connection).await;
    prepared.expect("statements")
}

/// What an import asks of the database.
async fn import(stores: &Postgres, number: i64) {
    find_key(stores, number).await;
    find_customer(stores, number).await;
    save(stores, number).await;
}

async fn find_key(stores: &Postgres, number: i64) {
    let mut digest = [0; 32];
    digest[24..].copy_from_slice(&number.to_be_bytes());
    let key = stores.find_by_digest(&KeyDigest::from_bytes(digest)).await;
    assert!(key.expect("asked").is_some());
}

async fn find_customer(stores: &Postgres, number: i64) {
    let found = CustomerRepository::find(stores, AccountId::DEFAULT, customer(number)).await;
    assert!(found.expect("asked").is_some());
}

/// Saves a card of this customer, who has another.
async fn save(stores: &Postgres, number: i64) {
    let NewPaymentMethod { instrument, default, .. } = bare_payment_method();
    let Instrument::Card(mut card) = instrument else { unreachable!("it is a card") };
    card.external_card = ExternalCardId::parse(&format!("card_{number}")).expect("an id");
    let new = NewPaymentMethod { customer: customer(number), instrument: card.into(), default };
    stores.save(AccountId::DEFAULT, &new, Timestamp::UNIX_EPOCH).await.expect("saved");
}

fn customer(number: i64) -> CustomerId {
    CustomerId::try_from(number).expect("an id")
}
