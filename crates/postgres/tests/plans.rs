//! Which index each search of customers can use, and is enough for it; and which one finds the rows
//! of an import job that have no outcome.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::convert::Infallible;

use cardlift_contract::suite::plans::searches;
use cardlift_core::account::AccountId;
use cardlift_core::customer::CustomerField;
use cardlift_core::page::PageRequest;
use cardlift_postgres::{Options, Postgres};
use cardlift_sql::pending::{AFTER_PLACE, OF_CUSTOMERS};
use cardlift_sql::search::{self, Bind, Dialect, Statement};
use cardlift_sql::wanted::WANTED;
use cardlift_throwaway_postgres::TestDatabase;
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

/// The role that serves.
const APPLICATION: &str = "cardlift_application";

/// Makes the connection that of the owner, then that of the role which row-level security holds for: a
/// statement has the same plan for both.
const AS_EITHER: [&str; 2] =
    ["RESET SESSION AUTHORIZATION", "SET SESSION AUTHORIZATION cardlift_application"];

/// A connection to a database that has the tables.
async fn open() -> (AsyncPgConnection, TestDatabase) {
    let nothing = |_url: String| async { Ok::<(), Infallible>(()) };
    let database = cardlift_throwaway_postgres::database("empty", nothing).await;
    let database = database.expect("a database");
    let stores = Postgres::open(&Options::new(database.url())).await.expect("connected");
    stores.migrate().await.expect("migrated");
    cardlift_throwaway_postgres::role(APPLICATION).await.expect("a role");
    stores.grant_to(APPLICATION).await.expect("granted");
    let connection = AsyncPgConnection::establish(database.url()).await.expect("connected");
    (connection, database)
}

/// What Postgres calls the index.
fn named(index: &'static str) -> &'static str {
    if index == "primary key" { "customer_pkey" } else { index }
}

async fn plan(connection: &mut AsyncPgConnection, sql: &str) -> String {
    let explain = diesel::sql_query(format!("EXPLAIN {sql}"));
    let steps: Vec<Step> = RunQueryDsl::load(explain, connection).await.expect("a plan");
    steps.into_iter().map(|step| step.line).collect::<Vec<_>>().join("; ")
}

/// A connection to a database with a few customers, on which an index is used where it would do: in a
/// small table it is not always worth it.
async fn open_filled() -> (AsyncPgConnection, TestDatabase) {
    let (mut connection, database) = open().await;
    let filled = "INSERT INTO customer (account_id, id, first_name, last_name, company_name,
                      primary_email, reference, status, standing, created_at, updated_at)
                  SELECT 1, n, 'f' || n, 'l' || n, 'c' || n, 'e' || n, 'r' || n,
                      (ARRAY['Draft', 'Active', 'Hold', 'Suspended', 'Cancelled'])[n % 5 + 1],
                      'Good', to_timestamp(n), to_timestamp(n)
                  FROM generate_series(1, 5000) AS n;
                  ANALYZE customer";
    connection.batch_execute(filled).await.expect("filled");
    let others = "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off";
    connection.batch_execute(others).await.expect("set");
    (connection, database)
}

#[tokio::test]
async fn every_field_is_searched_and_sorted_by_its_index() {
    let (mut connection, _database) = open_filled().await;
    for role in AS_EITHER {
        connection.batch_execute(role).await.expect("set");
        for (_, index, queries) in searches() {
            for query in queries {
                let page = PageRequest::default();
                let statement =
                    search::page(Dialect::Postgres, AccountId::DEFAULT, &query, page, 5_000);
                let sql = spelled_out(statement);
                let plan = plan(&mut connection, &sql).await;
                assert!(plan.contains(&format!("using {} on", named(index))), "{sql}: {plan}");
                assert!(!plan.contains("Sort"), "nothing is sorted: {sql}: {plan}");
            }
        }
    }
}

/// What is skipped is skipped in the index where the index holds all that is compared.
#[tokio::test]
async fn a_page_far_from_either_end_reads_no_other_rows() {
    let (mut connection, _database) = open_filled().await;
    for role in AS_EITHER {
        connection.batch_execute(role).await.expect("set");
        for (field, index, queries) in searches() {
            for query in queries {
                let page = PageRequest::new(5_000, 100).expect("a page");
                let statement =
                    search::page(Dialect::Postgres, AccountId::DEFAULT, &query, page, 1_000_000);
                let sql = spelled_out(statement);
                let plan = plan(&mut connection, &sql).await;
                let how = match field {
                    CustomerField::Id
                    | CustomerField::Status
                    | CustomerField::Created
                    | CustomerField::Modified => "Index Only Scan",
                    _ => "Index Scan",
                };
                // From the end as well.
                let either = ["", " Backward"];
                let found = either.map(|way| format!("{how}{way} using {} on", named(index)));
                assert!(found.iter().any(|found| plan.contains(found)), "{sql}: {plan}");
            }
        }
    }
}

/// The numbers that are kept are read where they will do, and no customers then.
#[tokio::test]
async fn a_search_of_statuses_is_counted_by_what_is_kept() {
    let (mut connection, _database) = open_filled().await;
    for role in AS_EITHER {
        connection.batch_execute(role).await.expect("set");
        for (field, _, queries) in searches() {
            for query in queries {
                let kept = match (query.filters.as_slice(), field) {
                    ([], _) => "account_pkey on account ",
                    (_, CustomerField::Status) => "customer_count_pkey on customer_count ",
                    _ => continue,
                };
                let sql = spelled_out(search::total(Dialect::Postgres, AccountId::DEFAULT, &query));
                let plan = plan(&mut connection, &sql).await;
                assert!(plan.contains(&format!("using {kept}")), "{sql}: {plan}");
                assert_eq!(plan.matches("Scan").count(), 1, "nothing else is read: {sql}: {plan}");
            }
        }
    }
}

/// Also where the planner has not looked at the rows yet, which have just come in.
#[tokio::test]
async fn pending_rows_are_found_in_the_order_of_their_index() {
    let (mut connection, _database) = open().await;
    let filled = "INSERT INTO import_row (account_id, job_id, line, part, customer_id,
                      customer_as_given, external_customer_id, external_card_id, is_target,
                      undone)
                  SELECT 1, job, n, 0, n, n, 'cus_' || n * 7919 % 10000, 'card_' || n, true, false
                  FROM generate_series(1, 10000) AS n, generate_series(1, 8) AS job";
    connection.batch_execute(filled).await.expect("filled");
    let asked = "ARRAY['cus_1', 'cus_2', 'cus_300', 'none']";
    let queries = [
        AFTER_PLACE
            .replace("($3, $4, $5)", "('cus_500', 'card_', 1)")
            .replace("LIMIT $6", "LIMIT 1000"),
        OF_CUSTOMERS.replace("$3", asked),
    ];
    // Of the last rows of a job, of which there are not many, the end may be found by sorting them.
    let part = WANTED.replace("$3", "'cus_500'");
    for step in ["SELECT 1", "ANALYZE import_row"] {
        connection.batch_execute(step).await.expect("done");
        let mut by_role = Vec::new();
        for role in AS_EITHER {
            connection.batch_execute(role).await.expect("set");
            let mut by = Vec::new();
            for query in &queries {
                let sql = query.replace("$1", "1").replace("$2", "2");
                let plan = plan(&mut connection, &sql).await;
                assert!(plan.contains("using import_row_target on"), "{step}: {sql}: {plan}");
                assert!(!plan.contains("Sort"), "nothing is sorted: {step}: {sql}: {plan}");
                by.extend(looked_up(&plan));
            }
            let plan = plan(&mut connection, &part.replace("$1", "1").replace("$2", "2")).await;
            let found = plan.contains("Index Scan using import_row_target on");
            assert!(found, "{step}, {role}: {plan}");
            by.extend(looked_up(&plan));
            by_role.push(by);
        }
        let [owner, application] = by_role.as_slice() else { unreachable!("there are two") };
        assert_eq!(application, owner, "{step}");
        connection.batch_execute("RESET SESSION AUTHORIZATION").await.expect("set");
    }
}

/// What indexes are looked up by; which number a sub-select has in it is left out.
fn looked_up(plan: &str) -> Vec<String> {
    let parts = plan.split("; ").map(str::trim);
    let parts = parts.filter(|part| part.starts_with("Index Cond:"));
    let unnumbered = |part: &str| -> String {
        let rest = part.split('$').map(|rest| rest.trim_start_matches(char::is_numeric));
        rest.collect::<Vec<_>>().join("$")
    };
    parts.map(unnumbered).collect()
}

/// Row-level security would keep an expression with `lower`, or a pattern, from the index, and the
/// account's customers would be looked at one by one.
#[tokio::test]
async fn the_wall_keeps_no_search_from_its_index() {
    let (mut connection, _database) = open_filled().await;
    for (_, _, queries) in searches() {
        for query in queries {
            let page = PageRequest::default();
            let page = search::page(Dialect::Postgres, AccountId::DEFAULT, &query, page, 5_000);
            let total = search::total(Dialect::Postgres, AccountId::DEFAULT, &query);
            for sql in [page, total].map(spelled_out) {
                let [owner, application] = AS_EITHER;
                connection.batch_execute(owner).await.expect("set");
                let without = sql.replace("customer_of_accounts", "customer");
                let without = plan(&mut connection, &without).await;
                connection.batch_execute(application).await.expect("set");
                let within = plan(&mut connection, &sql).await;
                assert_eq!(looked_up(&within), looked_up(&without), "{sql}: {within}");
            }
        }
    }
}
