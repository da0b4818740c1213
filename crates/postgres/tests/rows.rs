//! What stands in the tables, seen past the ports.

use std::convert::Infallible;
use std::sync::Arc;

use cardlift_contract::suite::rows::{self, DELETED_BY};
use cardlift_postgres::{Options, Postgres};
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryResult, QueryableByName};
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection as _,
};

#[derive(QueryableByName)]
struct Deleted {
    #[diesel(sql_type = Text)]
    at: String,
    #[diesel(sql_type = BigInt)]
    by: i64,
}

#[tokio::test]
async fn what_was_deleted_is_kept_with_the_time_and_the_key() {
    let nothing = |_url: String| async { Ok::<(), Infallible>(()) };
    let database = cardlift_throwaway_postgres::database("empty", nothing).await;
    let database = database.expect("a database");
    let stores = Postgres::open(&Options::new(database.url())).await.expect("connected");
    stores.migrate().await.expect("migrated");
    rows::delete_one(Arc::new(stores)).await;
    let mut connection = AsyncPgConnection::establish(database.url()).await.expect("a connection");
    let query = "SELECT (deleted_at AT TIME ZONE 'UTC')::text AS at, deleted_by AS by
                 FROM payment_method";
    let deleted: QueryResult<Vec<Deleted>> =
        RunQueryDsl::load(diesel::sql_query(query), &mut connection).await;
    let deleted = deleted.expect("rows");
    let deleted: Vec<_> = deleted.iter().map(|row| (row.at.as_str(), row.by)).collect();
    assert_eq!(deleted, [("1970-01-01 00:00:07.123456", DELETED_BY)]);
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = BigInt)]
    customers: i64,
}

#[tokio::test]
async fn customers_of_before_are_counted_by_their_status() {
    let nothing = |_url: String| async { Ok::<(), Infallible>(()) };
    let database = cardlift_throwaway_postgres::database("empty", nothing).await;
    let database = database.expect("a database");
    let mut connection = AsyncPgConnection::establish(database.url()).await.expect("a connection");
    let customers =
        "INSERT INTO customer (account_id, id, created_at, updated_at, status, standing)
                     VALUES (1, 1, now(), now(), 'Active', 'Good'),
                            (1, 2, now(), now(), 'Hold', 'Good'),
                            (1, 3, now(), now(), 'Active', 'Good')";
    // A migration is one transaction.
    let counts = include_str!("../migrations/00000000000010_customer_counts/up.sql");
    for up in [
        include_str!("../migrations/00000000000001_accounts/up.sql"),
        include_str!("../migrations/00000000000002_customers/up.sql"),
        include_str!("../migrations/00000000000007_customers_whole/up.sql"),
        customers,
        &format!("BEGIN; {counts} COMMIT"),
    ] {
        connection.batch_execute(up).await.expect("up");
    }
    let query = "SELECT status, customers FROM customer_count WHERE account_id = 1 ORDER BY status";
    let counted: QueryResult<Vec<Counted>> =
        RunQueryDsl::load(diesel::sql_query(query), &mut connection).await;
    let counted = counted.expect("rows");
    let counted: Vec<_> = counted.iter().map(|row| (row.status.as_str(), row.customers)).collect();
    assert_eq!(counted, [("Active", 2), ("Hold", 1)]);
}

#[derive(QueryableByName)]
struct Key {
    #[diesel(sql_type = Text)]
    label: String,
    #[diesel(sql_type = Text)]
    scopes: String,
}

#[derive(QueryableByName)]
struct Label {
    #[diesel(sql_type = Text)]
    label: String,
}

#[tokio::test]
async fn keys_of_before_scopes_may_what_they_could_and_none_may_more_without_them() {
    let nothing = |_url: String| async { Ok::<(), Infallible>(()) };
    let database = cardlift_throwaway_postgres::database("empty", nothing).await;
    let database = database.expect("a database");
    let mut connection = AsyncPgConnection::establish(database.url()).await.expect("a connection");
    for up in [
        include_str!("../migrations/00000000000001_accounts/up.sql"),
        "INSERT INTO api_key (account_id, label, digest, created_at)
         VALUES (1, 'before', sha256('1'), now())",
        include_str!("../migrations/00000000000012_key_scopes/up.sql"),
    ] {
        connection.batch_execute(up).await.expect("up");
    }
    let query = diesel::sql_query("SELECT label, scopes FROM api_key");
    let keys: QueryResult<Vec<Key>> = RunQueryDsl::load(query, &mut connection).await;
    let keys = keys.expect("rows");
    let keys: Vec<_> = keys.iter().map(|key| (key.label.as_str(), key.scopes.as_str())).collect();
    assert_eq!(keys, [("before", "import,read,manage")]);
    for sql in [
        "INSERT INTO api_key (account_id, label, digest, created_at, scopes, expires_at)
         VALUES (1, 'narrow', sha256('2'), now(), 'import,read', NULL),
                (1, 'ending', sha256('3'), now(), 'import,read,manage', now() + interval '1 day'),
                (1, 'wide', sha256('4'), now(), 'import,read,manage,admin', NULL)",
        include_str!("../migrations/00000000000012_key_scopes/down.sql"),
    ] {
        connection.batch_execute(sql).await.expect("down");
    }
    let query = "SELECT label FROM api_key WHERE revoked_at IS NULL ORDER BY id";
    let left: QueryResult<Vec<Label>> =
        RunQueryDsl::load(diesel::sql_query(query), &mut connection).await;
    let left = left.expect("rows");
    let left: Vec<_> = left.iter().map(|key| key.label.as_str()).collect();
    assert_eq!(left, ["before", "wide"]);
    let up = include_str!("../migrations/00000000000012_key_scopes/up.sql");
    connection.batch_execute(up).await.expect("up again");
}

async fn texts(connection: &mut AsyncPgConnection, query: &str) -> QueryResult<Vec<String>> {
    let rows: Vec<Label> = RunQueryDsl::load(diesel::sql_query(query), connection).await?;
    Ok(rows.into_iter().map(|row| row.label).collect())
}

#[tokio::test]
async fn jobs_of_before_read_with_the_key_of_their_own_account() {
    let nothing = |_url: String| async { Ok::<(), Infallible>(()) };
    let database = cardlift_throwaway_postgres::database("empty", nothing).await;
    let database = database.expect("a database");
    let mut connection = AsyncPgConnection::establish(database.url()).await.expect("a connection");
    let up = include_str!("../migrations/00000000000013_accounts_and_secrets/up.sql");
    let down = include_str!("../migrations/00000000000013_accounts_and_secrets/down.sql");
    for sql in [
        include_str!("../migrations/00000000000001_accounts/up.sql"),
        "INSERT INTO account (name) VALUES ('other');
         INSERT INTO api_key (account_id, label, digest, created_at)
         VALUES (1, 'plain', sha256('1'), now());
         CREATE TABLE import_job (account_id bigint, id bigint, vault text);
         INSERT INTO import_job
         VALUES (1, 1, ''), (1, 2, 'acct_1'), (2, 3, ''), (2, 4, 'acct_1')",
        up,
    ] {
        connection.batch_execute(sql).await.expect("up");
    }
    let vaults = "SELECT vault AS label FROM import_job ORDER BY id";
    assert_eq!(
        texts(&mut connection, vaults).await.expect("rows"),
        ["", "acct_1", "2", "2/acct_1"]
    );
    let good = "SELECT label FROM api_key WHERE revoked_at IS NULL";
    connection.batch_execute(down).await.expect("down");
    assert_eq!(texts(&mut connection, vaults).await.expect("rows"), ["", "acct_1", "", "acct_1"]);
    assert_eq!(texts(&mut connection, good).await.expect("rows"), ["plain"], "nothing was keyed");
    let keyed = "INSERT INTO sealed_secret VALUES (1, 'api_key_hash', '0123456789abcdef', '', '')";
    for sql in [up, keyed, down] {
        connection.batch_execute(sql).await.expect("up again, and down");
    }
    let left = texts(&mut connection, good).await.expect("rows");
    assert_eq!(left, Vec::<String>::new(), "nobody can tell it");
}
