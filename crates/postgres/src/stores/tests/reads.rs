//! What an import reads: rows that an index finds, however many others there are.

use std::time::Duration;

use diesel::sql_types::BigInt;
use diesel_async::AsyncConnection as _;
use futures_util::future::join_all;
use rstest::rstest;

use super::*;

/// Imports of each of the two: a lot's and each one's own statement.
const IMPORTS: i64 = 40;

#[derive(Debug, QueryableByName)]
struct Reads {
    #[diesel(sql_type = Text)]
    relname: String,
    #[diesel(sql_type = BigInt)]
    whole: i64,
    #[diesel(sql_type = BigInt)]
    by_index: i64,
    #[diesel(sql_type = BigInt)]
    inserted: i64,
}

const READS: &str = "
    SELECT relname::text, seq_scan AS whole, idx_scan AS by_index, n_tup_ins AS inserted
    FROM pg_stat_user_tables
    WHERE relname IN ('account', 'api_key', 'customer', 'payment_method')
    ORDER BY relname";

async fn reads(connection: &mut AsyncPgConnection) -> Vec<Reads> {
    let reads = RunQueryDsl::load(diesel::sql_query(READS), connection).await;
    reads.expect("the numbers that the server keeps")
}

/// What a test looks at past the ports.
struct Looking {
    database: TestDatabase,
    watcher: AsyncPgConnection,
    before: Vec<Reads>,
}

/// A database that has tables with so many rows, and what was read of them so far.
async fn look(rows: i64) -> Looking {
    let database = database(rows).await;
    let mut watcher = AsyncPgConnection::establish(database.url()).await.expect("connected");
    watcher.batch_execute("SELECT pg_stat_force_next_flush()").await.expect("told");
    alone(&mut watcher).await;
    let before = reads(&mut watcher).await;
    Looking { database, watcher, before }
}

impl Looking {
    /// What was read when the server knows of every import: nobody is connected any more then.
    async fn after(&mut self) -> Vec<Reads> {
        alone(&mut self.watcher).await;
        told(&mut self.watcher, &self.before).await
    }
}

#[rstest]
#[case::together(Merge::Concurrent, Role::Application, 1)]
#[case::one_by_one(Merge::Never, Role::Application, 1)]
#[case::together_as_owner(Merge::Concurrent, Role::Owner, 1)]
#[case::one_by_one_as_owner(Merge::Never, Role::Owner, 1)]
#[case::on_connections_of_lots(Merge::Concurrent, Role::Application, 16)]
#[case::on_connections_of_lots_as_owner(Merge::Concurrent, Role::Owner, 16)]
#[tokio::test]
async fn no_table_is_read_whole(
    #[case] merge: Merge,
    #[case] role: Role,
    #[case] connections: usize,
) {
    let mut looking = look(MANY).await;
    let stores = connect(&looking.database, role, merge, connections).await;
    imports(&stores).await;
    // And again, of cards that are there.
    join_all((IMPORTS + 1..=2 * IMPORTS).map(|number| import(&stores, number))).await;
    drop(stores);
    let after = looking.after().await;
    for (before, after) in looking.before.iter().zip(&after) {
        assert_eq!(after.whole, before.whole, "read whole: {after:?}");
        assert!(after.by_index > before.by_index, "found by an index: {after:?}");
    }
}

/// A statement is planned while a table is small, and runs on when it has grown. Keys are found on the
/// other connections.
#[tokio::test]
async fn on_their_connections_lots_read_no_small_table_whole_either() {
    let mut looking = look(2 * IMPORTS).await;
    let stores = connect(&looking.database, Role::Application, Merge::Concurrent, 16).await;
    imports(&stores).await;
    join_all((IMPORTS + 1..=2 * IMPORTS).map(|number| import(&stores, number))).await;
    drop(stores);
    let after = looking.after().await;
    for (before, after) in looking.before.iter().zip(&after) {
        if ["customer", "payment_method"].contains(&after.relname.as_str()) {
            assert_eq!(after.whole, before.whole, "read whole: {after:?}");
        }
    }
}

#[derive(Debug, PartialEq, Eq, QueryableByName)]
struct Fetched {
    #[diesel(sql_type = BigInt)]
    scans: i64,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// That a card is new its index says, without a look at any row.
#[rstest]
#[case::together(Merge::Concurrent)]
#[case::one_by_one(Merge::Never)]
#[tokio::test]
async fn that_a_card_is_new_the_index_alone_says(#[case] merge: Merge) {
    let mut looking = look(MANY).await;
    let stores = connect(&looking.database, Role::Application, merge, 16).await;
    imports(&stores).await;
    drop(stores);
    looking.after().await;
    let fetched = "SELECT idx_scan AS scans, idx_tup_fetch AS rows FROM pg_stat_user_indexes
                   WHERE indexrelname = 'payment_method_card'";
    let fetched: QueryResult<Fetched> =
        RunQueryDsl::get_result(diesel::sql_query(fetched), &mut looking.watcher).await;
    assert_eq!(fetched.expect("a row"), Fetched { scans: 2 * IMPORTS, rows: 0 });
}

/// Alone, and more often than the server plans a statement anew; then all at once.
async fn imports(stores: &Postgres) {
    for number in 1..=IMPORTS {
        import(stores, number).await;
    }
    join_all((IMPORTS + 1..=2 * IMPORTS).map(|number| import(stores, number))).await;
}

/// What was read when the server knows of every insert.
async fn told(watcher: &mut AsyncPgConnection, before: &[Reads]) -> Vec<Reads> {
    let inserted = |reads: &[Reads]| {
        let methods = reads.iter().find(|reads| reads.relname == "payment_method");
        methods.map_or(0, |reads| reads.inserted)
    };
    for _ in 0..300 {
        let now = reads(watcher).await;
        if inserted(&now) - inserted(before) >= 2 * IMPORTS {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    unreachable!("the server was not told of the imports within 30 s")
}

#[derive(QueryableByName)]
struct Others {
    #[diesel(sql_type = BigInt)]
    others: i64,
}

/// Waits until nobody else is connected to the database: a connection tells the server what it did at the
/// latest when it ends.
async fn alone(watcher: &mut AsyncPgConnection) {
    const OTHERS: &str = "SELECT count(*) AS others FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend'
            AND pid <> pg_backend_pid()";
    for _ in 0..300 {
        let others: QueryResult<Others> =
            RunQueryDsl::get_result(diesel::sql_query(OTHERS), watcher).await;
        if others.expect("a count").others == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    unreachable!("somebody was still connected after 30 s")
}
