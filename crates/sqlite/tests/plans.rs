//! Which index each search of customers uses, and which one finds the rows of an import job that
//! have no outcome.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use cardlift_contract::suite::plans::{searches, sorted_otherwise};
use cardlift_core::account::AccountId;
use cardlift_core::customer::CustomerField;
use cardlift_core::page::PageRequest;
use cardlift_sql::Statement as _;
use cardlift_sql::pending::{AFTER_PLACE, OfCustomer};
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

/// Where few are found, they are sorted; where many are, they are left out of the order.
#[tokio::test]
async fn the_shorter_way_is_taken() {
    let (mut connection, _folder) = open().await;
    for (searched, sorted, query) in sorted_otherwise() {
        let mut plan = |number, total| {
            let page = PageRequest::new(number, 100).expect("a page");
            let sql = search::page(Dialect::Sqlite, AccountId::DEFAULT, &query, page, total).sql;
            plan(&mut connection, &sql)
        };
        for (number, total, index) in [
            (0, 10, searched),
            (0, 10_000, searched),
            (0, 10_001, sorted),
            (0, 1_000_000, sorted),
            (9_999, 1_000_000, sorted),
            (250, 50_000, searched),
        ] {
            let plan = plan(number, total);
            assert!(plan.contains(index), "page {number} of {total}: {query:?}: {plan}");
        }
    }
}

/// What is skipped is skipped in the index where the index holds all that is compared.
#[tokio::test]
async fn a_page_far_from_either_end_reads_no_other_rows() {
    let (mut connection, _folder) = open().await;
    for (field, index, queries) in searches() {
        for query in queries {
            let page = PageRequest::new(5_000, 100).expect("a page");
            let sql =
                search::page(Dialect::Sqlite, AccountId::DEFAULT, &query, page, 1_000_000).sql;
            let plan = plan(&mut connection, &sql);
            let how = match field {
                CustomerField::Status | CustomerField::Created | CustomerField::Modified => {
                    "search customer using covering index"
                }
                CustomerField::Id => "search customer using",
                _ => "search customer using index",
            };
            assert!(plan.contains(&format!("{how} {index} ")), "{sql}: {plan}");
        }
    }
}

/// The numbers that are kept are read where they will do, and no customers then.
#[tokio::test]
async fn a_search_is_counted_by_what_is_kept_or_by_its_index() {
    let (mut connection, _folder) = open().await;
    for (field, index, queries) in searches() {
        for query in queries {
            let sql = search::total(Dialect::Sqlite, AccountId::DEFAULT, &query).sql;
            let plan = plan(&mut connection, &sql);
            if query.filters.is_empty() {
                assert_eq!(plan, "search account using integer primary key (rowid=?)", "{sql}");
            } else if field == CustomerField::Status {
                let kept = "search customer_count using primary key (account_id=?";
                assert!(plan.starts_with(kept) && !plan.contains(';'), "{sql}: {plan}");
            } else {
                assert!(plan.contains(index) && !plan.contains(';'), "{sql}: {plan}");
            }
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
        [(AFTER_PLACE, place), (OfCustomer::TEXT, " and external_customer_id=?)"), (WANTED, part)]
    {
        let plan = plan(&mut connection, sql);
        assert!(plan.contains(&format!("{of_job}{how}")), "{sql}: {plan}");
        assert!(!plan.contains("temp b-tree"), "nothing is sorted: {sql}: {plan}");
    }
}
