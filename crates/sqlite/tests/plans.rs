//! Which index each search of customers uses, and which one finds the rows of an import job that
//! have no outcome.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use cardlift_contract::suite::plans::searches;
use cardlift_core::account::AccountId;
use cardlift_core::page::PageRequest;
use cardlift_sql::pending::{AFTER_PLACE, OF_CUSTOMER};
use cardlift_sql::search::{self, Dialect};
use cardlift_sql::wanted::WANTED;
use cardlift_sqlite::{Options, Sqlite};
use diesel::prelude::*;
use diesel::sql_types::Text;
use tempfile::TempDir;

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// A connection to a file that has the tables.
async fn open() -> (SqliteConnection, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("cardlift.db");
    let stores = Sqlite::open(&Options::new(&path)).await.expect("a database");
    stores.migrate().await.expect("migrated");
    let path = path.to_str().expect("a path in UTF-8");
    (SqliteConnection::establish(path).expect("a connection"), folder)
}

fn plan(connection: &mut SqliteConnection, sql: &str) -> String {
    let explain = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"));
    let steps: Vec<Step> = explain.load(connection).expect("a plan");
    let plan: Vec<_> = steps.into_iter().map(|step| step.detail).collect();
    plan.join("; ").to_lowercase()
}

#[tokio::test]
async fn every_field_is_searched_and_sorted_by_its_index() {
    let (mut connection, _folder) = open().await;
    for (_, index, queries) in searches() {
        for query in queries {
            let page = PageRequest::default();
            let sql = search::page(Dialect::Sqlite, AccountId::DEFAULT, &query, page, 5_000).sql;
            let plan = plan(&mut connection, &sql);
            assert!(plan.contains(index), "{sql}: {plan}");
            assert!(!plan.contains("temp b-tree"), "nothing is sorted: {sql}: {plan}");
        }
    }
}

#[tokio::test]
async fn pending_rows_are_found_in_the_order_of_their_index() {
    let (mut connection, _folder) = open().await;
    let of_job = "search import_row using index import_row_target (account_id=? and job_id=?";
    let place = " and (external_customer_id,external_card_id,customer_id)>(?,?,?))";
    let part = " and external_customer_id>? and external_customer_id<?)";
    for (sql, how) in
        [(AFTER_PLACE, place), (OF_CUSTOMER, " and external_customer_id=?)"), (WANTED, part)]
    {
        let plan = plan(&mut connection, sql);
        assert!(plan.contains(&format!("{of_job}{how}")), "{sql}: {plan}");
        assert!(!plan.contains("temp b-tree"), "nothing is sorted: {sql}: {plan}");
    }
}
