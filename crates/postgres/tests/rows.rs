//! What stands in the tables, seen past the ports.

use std::convert::Infallible;
use std::sync::Arc;

use cardlift_contract::suite::rows::{self, DELETED_BY};
use cardlift_postgres::{Options, Postgres};
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryResult, QueryableByName};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};

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
