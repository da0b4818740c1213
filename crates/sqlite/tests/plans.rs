//! Which index each search of customers uses.

use cardlift_contract::suite::plans::searches;
use cardlift_core::account::AccountId;
use cardlift_core::page::PageRequest;
use cardlift_sql::search::{self, Dialect};
use cardlift_sqlite::{Options, Sqlite};
use diesel::prelude::*;
use diesel::sql_types::Text;

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[tokio::test]
async fn every_field_is_searched_and_sorted_by_its_index() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("cardlift.db");
    let stores = Sqlite::open(&Options::new(&path)).await.expect("a database");
    stores.migrate().await.expect("migrated");
    let path = path.to_str().expect("a path in UTF-8");
    let mut connection = SqliteConnection::establish(path).expect("a connection");
    for (_, index, queries) in searches() {
        for query in queries {
            let page = PageRequest::default();
            let sql = search::page(Dialect::Sqlite, AccountId::DEFAULT, &query, page, 5_000).sql;
            let explain = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"));
            let steps: Vec<Step> = explain.load(&mut connection).expect("a plan");
            let plan: Vec<_> = steps.into_iter().map(|step| step.detail).collect();
            let plan = plan.join("; ").to_lowercase();
            assert!(plan.contains(index), "{sql}: {plan}");
            assert!(!plan.contains("temp b-tree"), "nothing is sorted: {sql}: {plan}");
        }
    }
}
