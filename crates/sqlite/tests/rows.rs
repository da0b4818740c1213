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

/// The table is made anew on the way: its rows, ids and rules must come along.
#[test]
fn cards_of_before_bank_accounts_keep_their_ids() {
    let mut connection = SqliteConnection::establish(":memory:").expect("a connection");
    let mut run = |sql: &str| connection.batch_execute(sql);
    run("PRAGMA foreign_keys = ON").expect("set");
    for up in [
        include_str!("../migrations/00000000000001_accounts/up.sql"),
        include_str!("../migrations/00000000000002_customers/up.sql"),
        include_str!("../migrations/00000000000003_payment_methods/up.sql"),
    ] {
        run(up).expect("up");
    }
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
