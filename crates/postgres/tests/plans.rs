//! Which index each search of customers can use, and is enough for it.

use std::convert::Infallible;

use cardlift_contract::suite::plans::searches;
use cardlift_core::account::AccountId;
use cardlift_core::page::PageRequest;
use cardlift_postgres::{Options, Postgres};
use cardlift_sql::search::{self, Bind, Dialect, Statement};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection as _,
};

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

/// The statement with what is bound to it in its text.
fn spelled_out(statement: Statement) -> String {
    // From the last parameter on, so that $1 is not taken for the beginning of $10.
    let binds = (1..).zip(statement.binds).collect::<Vec<_>>().into_iter().rev();
    binds.fold(statement.sql, |sql, (number, bind)| {
        let value = match bind {
            Bind::Number(number) => number.to_string(),
            Bind::Text(text) => format!("'{text}'"),
            Bind::Instant(at) => format!("'{at:?}'::timestamptz"),
        };
        sql.replace(&format!("${number}"), &value)
    })
}

#[tokio::test]
async fn every_field_is_searched_and_sorted_by_its_index() {
    let nothing = |_url: String| async { Ok::<(), Infallible>(()) };
    let database = cardlift_throwaway_postgres::database("empty", nothing).await;
    let database = database.expect("a database");
    let stores = Postgres::open(&Options::new(database.url())).await.expect("connected");
    stores.migrate().await.expect("migrated");
    let mut connection = AsyncPgConnection::establish(database.url()).await.expect("connected");
    let filled = "INSERT INTO customer (account_id, id, first_name, last_name, company_name,
                      primary_email, reference, status, standing, created_at, updated_at)
                  SELECT 1, n, 'f' || n, 'l' || n, 'c' || n, 'e' || n, 'r' || n,
                      (ARRAY['Draft', 'Active', 'Hold', 'Suspended', 'Cancelled'])[n % 5 + 1],
                      'Good', to_timestamp(n), to_timestamp(n)
                  FROM generate_series(1, 5000) AS n;
                  ANALYZE customer";
    connection.batch_execute(filled).await.expect("filled");
    // In a small table an index is not always worth it; whether it would do is asked here.
    let others = "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off";
    connection.batch_execute(others).await.expect("set");
    for (_, index, queries) in searches() {
        let index = if index == "primary key" { "customer_pkey" } else { index };
        for query in queries {
            let page = PageRequest::default();
            let statement =
                search::page(Dialect::Postgres, AccountId::DEFAULT, &query, page, 5_000);
            let sql = spelled_out(statement);
            let explain = diesel::sql_query(format!("EXPLAIN {sql}"));
            let steps: Vec<Step> =
                RunQueryDsl::load(explain, &mut connection).await.expect("a plan");
            let plan: Vec<_> = steps.into_iter().map(|step| step.line).collect();
            let plan = plan.join("; ");
            assert!(plan.contains(&format!("using {index} on")), "{sql}: {plan}");
            assert!(!plan.contains("Sort"), "nothing is sorted: {sql}: {plan}");
        }
    }
}
