//! What stands in the file, seen past the ports.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use cardlift_contract::suite::rows::{self, DELETED_BY};
use cardlift_sqlite::{Options, Sqlite};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

#[derive(QueryableByName)]
struct Deleted {
    #[diesel(sql_type = Text)]
    at: String,
    #[diesel(sql_type = BigInt)]
    by: i64,
}

#[tokio::test]
async fn what_was_deleted_is_kept_with_the_time_and_the_key() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("cardlift.db");
    let stores = Sqlite::open(&Options::new(&path)).await.expect("a database");
    stores.migrate().await.expect("migrated");
    rows::delete_one(std::sync::Arc::new(stores)).await;
    let path = path.to_str().expect("a path in UTF-8");
    let mut connection = SqliteConnection::establish(path).expect("a connection");
    let query = "SELECT deleted_at AS at, deleted_by AS by FROM payment_method";
    let deleted: Vec<Deleted> = diesel::sql_query(query).load(&mut connection).expect("rows");
    let deleted: Vec<_> = deleted.iter().map(|row| (row.at.as_str(), row.by)).collect();
    assert_eq!(deleted, [("1970-01-01 00:00:07.123456+00:00", DELETED_BY)]);
}

/// A database in memory that these statements have made.
fn made_by(statements: &[&str]) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(":memory:").expect("a connection");
    connection.batch_execute("PRAGMA foreign_keys = ON").expect("set");
    for sql in statements {
        connection.batch_execute(sql).expect("up");
    }
    connection
}

/// The table is made anew on the way: its rows, ids and rules must come along.
#[test]
fn cards_of_before_bank_accounts_keep_their_ids() {
    let mut connection = made_by(&[
        include_str!("../migrations/00000000000001_accounts/up.sql"),
        include_str!("../migrations/00000000000002_customers/up.sql"),
        include_str!("../migrations/00000000000003_payment_methods/up.sql"),
    ]);
    let mut run = |sql: &str| connection.batch_execute(sql);
    let card = |id: i64, columns: &str, values: &str| {
        format!(
            "INSERT INTO payment_method (id, account_id, customer_id, external_customer_id,
                external_card_id, brand, last_four, expiry_month, expiry_year, holder_name,
                funding, is_default, created_at, updated_at{columns})
             VALUES ({id}, 1, 1, 'cus_1', 'card_{id}', 'Visa', '4242', 11, 2017, 'John Doe',
                'credit', {}, '2026-01-01', '2026-01-01'{values})",
            i64::from(id == 7)
        )
    };
    run("INSERT INTO customer (account_id, id, created_at, updated_at)
         VALUES (1, 1, '2026-01-01', '2026-01-01')")
    .expect("a customer");
    run(&card(7, "", "")).expect("a card");
    run(&card(9, "", "")).expect("a card");
    run("DELETE FROM payment_method WHERE id = 9").expect("deleted");
    run(include_str!("../migrations/00000000000005_bank_accounts/up.sql")).expect("up");
    run(&card(7, ", kind", ", 'card'")).expect_err("the id is taken");
    run("INSERT INTO payment_method (account_id, customer_id, external_customer_id,
            external_card_id, last_four, holder_name, is_default, created_at, updated_at, kind,
            account_type)
         VALUES (1, 1, 'cus_1', 'ba_1', '6789', '', 0, '2026-01-02', '2026-01-02',
            'bank_account', '')")
    .expect("a bank account");
    assert_eq!(ids(&mut connection), [7, 10], "no id is given twice");
    let mut run = |sql: &str| connection.batch_execute(sql);
    run(include_str!("../migrations/00000000000005_bank_accounts/down.sql")).expect("down");
    assert_eq!(ids(&mut connection), [7], "the table of before holds no bank account");
    let mut run = |sql: &str| connection.batch_execute(sql);
    run("UPDATE payment_method SET customer_id = 2").expect_err("there is no such customer");
    run(include_str!("../migrations/00000000000005_bank_accounts/up.sql")).expect("up again");
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

fn ids(connection: &mut SqliteConnection) -> Vec<i64> {
    let query = diesel::sql_query("SELECT id FROM payment_method ORDER BY id");
    let rows: Vec<Id> = query.load(connection).expect("rows");
    rows.into_iter().map(|row| row.id).collect()
}

/// The table is made anew once more, this time with what was deleted.
#[test]
fn payment_methods_of_before_import_jobs_come_along_whole() {
    let mut connection = made_by(&[
        include_str!("../migrations/00000000000001_accounts/up.sql"),
        include_str!("../migrations/00000000000002_customers/up.sql"),
        include_str!("../migrations/00000000000003_payment_methods/up.sql"),
        include_str!("../migrations/00000000000005_bank_accounts/up.sql"),
        include_str!("../migrations/00000000000007_customers_whole/up.sql"),
        "INSERT INTO customer (account_id, id, created_at, updated_at, status, standing)
         VALUES (1, 1, '2026-01-01', '2026-01-01', 'Active', 'Good');
         INSERT INTO api_key (account_id, label, digest, created_at)
         VALUES (1, 'a key', zeroblob(32), '2026-01-01');
         -- Each text is the name of its column.
         INSERT INTO payment_method VALUES
            (7, 1, 1, 'external_customer_id', 'external_card_id', 'brand', '4242', 11, 2017,
             'holder_name', 'address_line1', 'address_line2', 'city', 'state', 'postal_code',
             'country', 'funding', 'issuer_country', 'fingerprint', 0, 'created_at', 'updated_at',
             'card', 'transit_last_four', 'account_type', 'holder_type', 'bank_name', 'currency',
             'verification', 'deleted_at', 1);
         INSERT INTO payment_method SELECT 9, account_id, customer_id, external_customer_id, 'next',
            brand, last_four, expiry_month, expiry_year, holder_name, address_line1,
            address_line2, city, state, postal_code, country, funding, issuer_country,
            fingerprint, 1, created_at, updated_at, kind, transit_last_four, account_type,
            holder_type, bank_name, currency, verification, NULL, NULL FROM payment_method;
         CREATE TABLE before AS SELECT * FROM payment_method;
         DELETE FROM payment_method WHERE id = 9",
        include_str!("../migrations/00000000000009_import_jobs/up.sql"),
    ]);
    let same = "SELECT b.id FROM before AS b JOIN payment_method AS p USING (id)
                WHERE (b.external_customer_id, b.external_card_id, b.brand, b.last_four,
                    b.expiry_month, b.expiry_year, b.holder_name, b.address_line1,
                    b.address_line2, b.city, b.state, b.postal_code, b.country, b.funding,
                    b.issuer_country, b.fingerprint, b.is_default, b.created_at, b.updated_at,
                    b.kind, b.transit_last_four, b.account_type, b.holder_type, b.bank_name,
                    b.currency, b.verification, b.deleted_at, b.deleted_by)
                 = (p.external_customer_id, p.external_card_id, p.brand, p.last_four,
                    p.expiry_month, p.expiry_year, p.holder_name, p.address_line1,
                    p.address_line2, p.city, p.state, p.postal_code, p.country, p.funding,
                    p.issuer_country, p.fingerprint, p.is_default, p.created_at, p.updated_at,
                    p.kind, p.transit_last_four, p.account_type, p.holder_type, p.bank_name,
                    p.currency, p.verification, p.deleted_at, p.deleted_by)";
    let count = |connection: &mut SqliteConnection| {
        diesel::sql_query(same).load::<Id>(connection).expect("rows").len()
    };
    assert_eq!(count(&mut connection), 1, "every column is what it was");
    let mut run = |sql: &str| connection.batch_execute(sql);
    run("INSERT INTO payment_method (account_id, customer_id, external_customer_id,
            external_card_id, last_four, holder_name, is_default, created_at, updated_at, kind,
            account_type)
         VALUES (1, 1, 'cus_1', 'ba_1', '6789', '', 0, '2026', '2026', 'bank_account', '')")
    .expect("a bank account");
    assert_eq!(ids(&mut connection), [7, 10], "no id is given twice");
    let mut run = |sql: &str| connection.batch_execute(sql);
    run("UPDATE payment_method SET deleted_at = '2026' WHERE id = 10").expect_err("by nobody");
    run("INSERT INTO import_job (account_id, vault, cards, dry_run, reading, state, rows, settled,
            vault_calls, created_at, updated_at)
         VALUES (1, '', 'all', 0, 'scan', 'undoing', 0, 0, 0, '2026', '2026');
         UPDATE payment_method SET deleted_at = '2026', deleted_by_job = 1 WHERE id = 10")
    .expect("deleted by a job");
    run(include_str!("../migrations/00000000000009_import_jobs/down.sql")).expect("down");
    assert_eq!(count(&mut connection), 1, "every column is what it was");
    assert_eq!(ids(&mut connection), [7], "the table of before knows of no job");
    let mut run = |sql: &str| connection.batch_execute(sql);
    run(include_str!("../migrations/00000000000009_import_jobs/up.sql")).expect("up again");
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = BigInt)]
    customers: i64,
}

#[test]
fn customers_of_before_are_counted_by_their_status() {
    let mut connection = made_by(&[
        include_str!("../migrations/00000000000001_accounts/up.sql"),
        include_str!("../migrations/00000000000002_customers/up.sql"),
        include_str!("../migrations/00000000000007_customers_whole/up.sql"),
        "INSERT INTO customer (account_id, id, created_at, updated_at, status, standing)
         VALUES (1, 1, '2026-01-01', '2026-01-01', 'Active', 'Good'),
                (1, 2, '2026-01-01', '2026-01-01', 'Hold', 'Good'),
                (1, 3, '2026-01-01', '2026-01-01', 'Active', 'Good')",
        include_str!("../migrations/00000000000010_customer_counts/up.sql"),
    ]);
    let query = "SELECT status, customers FROM customer_count WHERE account_id = 1 ORDER BY status";
    let counted: Vec<Counted> = diesel::sql_query(query).load(&mut connection).expect("rows");
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

#[test]
fn keys_of_before_scopes_may_what_they_could_and_none_may_more_without_them() {
    let mut connection = made_by(&[
        include_str!("../migrations/00000000000001_accounts/up.sql"),
        "INSERT INTO api_key (account_id, label, digest, created_at)
         VALUES (1, 'before', randomblob(32), '2026-01-01')",
        include_str!("../migrations/00000000000012_key_scopes/up.sql"),
    ]);
    let query = "SELECT label, scopes FROM api_key";
    let keys: Vec<Key> = diesel::sql_query(query).load(&mut connection).expect("rows");
    let keys: Vec<_> = keys.iter().map(|key| (key.label.as_str(), key.scopes.as_str())).collect();
    assert_eq!(keys, [("before", "import,read,manage")]);
    let mut run = |sql: &str| connection.batch_execute(sql);
    run("INSERT INTO api_key (account_id, label, digest, created_at, scopes, expires_at)
         VALUES (1, 'narrow', randomblob(32), '2026-01-01', 'import,read', NULL),
                (1, 'ending', randomblob(32), '2026-01-01', 'import,read,manage', '2030-01-01'),
                (1, 'wide', randomblob(32), '2026-01-01', 'import,read,manage,admin', NULL)")
    .expect("keys");
    run(include_str!("../migrations/00000000000012_key_scopes/down.sql")).expect("down");
    let query = "SELECT label FROM api_key WHERE revoked_at IS NULL ORDER BY id";
    let left: Vec<Label> = diesel::sql_query(query).load(&mut connection).expect("rows");
    let left: Vec<_> = left.iter().map(|key| key.label.as_str()).collect();
    assert_eq!(left, ["before", "wide"]);
    let mut run = |sql: &str| connection.batch_execute(sql);
    run(include_str!("../migrations/00000000000012_key_scopes/up.sql")).expect("up again");
}

fn texts(connection: &mut SqliteConnection, query: &str) -> Vec<String> {
    let rows: Vec<Label> = diesel::sql_query(query).load(connection).expect("rows");
    rows.into_iter().map(|row| row.label).collect()
}

#[test]
fn jobs_of_before_read_with_the_key_of_their_own_account() {
    let mut connection = made_by(&[
        include_str!("../migrations/00000000000001_accounts/up.sql"),
        "INSERT INTO account (name) VALUES ('other');
         INSERT INTO api_key (account_id, label, digest, created_at)
         VALUES (1, 'plain', randomblob(32), '2026-01-01');
         CREATE TABLE import_job (account_id INTEGER, id INTEGER, vault TEXT);
         INSERT INTO import_job
         VALUES (1, 1, ''), (1, 2, 'acct_1'), (2, 3, ''), (2, 4, 'acct_1')",
        include_str!("../migrations/00000000000013_accounts_and_secrets/up.sql"),
    ]);
    let vaults = "SELECT vault AS label FROM import_job ORDER BY id";
    assert_eq!(texts(&mut connection, vaults), ["", "acct_1", "2", "2/acct_1"]);
    let down = include_str!("../migrations/00000000000013_accounts_and_secrets/down.sql");
    let good = "SELECT label FROM api_key WHERE revoked_at IS NULL";
    connection.batch_execute(down).expect("down");
    assert_eq!(texts(&mut connection, vaults), ["", "acct_1", "", "acct_1"]);
    assert_eq!(texts(&mut connection, good), ["plain"], "nothing was keyed");
    let up = include_str!("../migrations/00000000000013_accounts_and_secrets/up.sql");
    connection.batch_execute(up).expect("up again");
    let keyed =
        "INSERT INTO sealed_secret VALUES (1, 'api_key_hash', '0123456789abcdef', x'00', x'00')";
    connection.batch_execute(keyed).expect("keyed");
    connection.batch_execute(down).expect("down");
    assert_eq!(texts(&mut connection, good), Vec::<String>::new(), "nobody can tell it any more");
}
