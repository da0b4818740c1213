use cardlift_core::account::AccountId;
use cardlift_throwaway_postgres::TestDatabase;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryResult, QueryableByName};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, poll_immediate};

use super::{FirstStatement, Whose};
use crate::testing::{self, APPLICATION};
use crate::{Merge, Options, Postgres};

/// A customer of each of two accounts.
const FILLED: &str = "
    INSERT INTO account (name) VALUES ('other');
    INSERT INTO customer (account_id, id, status, standing, created_at, updated_at)
    SELECT account, 1, 'Active', 'Good', now(), now() FROM generate_series(1, 2) AS account";

/// Stores with a single connection, of the role that serves.
async fn open() -> (Postgres, TestDatabase) {
    let database = testing::database(&[FILLED]).await;
    let url = database.url_as(APPLICATION).expect("a URL");
    let options = Options { connections: 1, merge: Merge::Never, ..Options::new(url) };
    (Postgres::open(&options).await.expect("connected"), database)
}

fn other() -> AccountId {
    AccountId::try_from(2).expect("an id")
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    said: String,
}

/// What the server has been told on this connection.
async fn said(connection: &mut AsyncPgConnection) -> String {
    let query = diesel::sql_query("SELECT current_setting('cardlift.accounts') AS said");
    let row: QueryResult<Setting> = query.get_result(connection).await;
    row.expect("a setting").said
}

#[derive(QueryableByName)]
struct Account {
    #[diesel(sql_type = BigInt)]
    account_id: i64,
}

/// A statement that forgets to say whose customers it asks for.
struct Forgetful;

impl FirstStatement for Forgetful {
    /// Whose they are.
    type Answer = Vec<i64>;

    async fn run(self, mut connection: &AsyncPgConnection) -> QueryResult<Vec<i64>> {
        let query = diesel::sql_query("SELECT account_id FROM customer ORDER BY account_id");
        let rows: Vec<Account> = query.load(&mut connection).await?;
        Ok(rows.into_iter().map(|row| row.account_id).collect())
    }
}

/// Whose customers it finds.
async fn found(connection: &AsyncPgConnection) -> Vec<i64> {
    Forgetful.run(connection).await.expect("rows")
}

#[tokio::test]
async fn a_statement_that_forgets_the_account_finds_its_rows_alone() {
    let (stores, _database) = open().await;
    let connection = stores.connection_for(other()).await.expect("a connection");
    assert_eq!(found(&connection).await, [2]);
    drop(connection);
    let both = [other(), AccountId::DEFAULT, other()];
    let mut connection = stores.connection_for_each(both).await.expect("a connection");
    assert_eq!(said(&mut connection).await, "{1,2}");
    assert_eq!(found(&connection).await, [1, 2]);
    drop(connection);
    let connection = stores.connection_for_each([]).await.expect("a connection");
    assert_eq!(found(&connection).await, [0_i64; 0]);
    drop(connection);
    let connection = stores.connection_across().await.expect("a connection");
    assert_eq!(found(&connection).await, [1, 2]);
    drop(connection);
    let apart = stores.connection_apart().await.expect("a connection");
    assert_eq!(found(&apart).await, [0_i64; 0], "who says nothing");
}

#[tokio::test]
async fn a_first_statement_finds_the_rows_of_its_accounts_alone() {
    let (stores, _database) = open().await;
    let both = Whose::of_ids([2, 1]);
    let asked = [(Whose::of(other()), vec![2]), (both, vec![1, 2]), (Whose::of_ids([1]), vec![1])];
    // Again without a word, then in other company.
    for (whose, expected) in asked.iter().flat_map(|asked| [asked, asked]) {
        let begun = stores.pool.beginning_with(whose.clone(), Forgetful).await;
        let (mut connection, found) = begun.expect("a connection");
        assert_eq!(found.expect("rows"), *expected);
        assert_eq!(said(&mut connection).await, whose.0);
    }
}

#[tokio::test]
async fn what_a_first_statement_finds_is_nobodys_where_the_server_did_not_hear_whose() {
    let (stores, _database) = open().await;
    drop(stores.connection_for(other()).await.expect("a connection"));
    let unheard = Whose("' ends too early".to_owned());
    let begun = stores.pool.beginning_with(unheard, Forgetful).await;
    assert!(begun.is_err(), "it found those of the other account");
    for account in [other(), AccountId::DEFAULT] {
        let connection = stores.connection_for(account).await.expect("a connection");
        assert_eq!(found(&connection).await, [account.get()]);
    }
}

#[tokio::test]
async fn what_was_said_is_not_said_again() {
    let (stores, _database) = open().await;
    let mut connection = stores.connection_for(other()).await.expect("a connection");
    let behind_its_back = "SET cardlift.accounts = '{7}'";
    connection.batch_execute(behind_its_back).await.expect("set");
    drop(connection);
    let mut connection = stores.connection_for(other()).await.expect("a connection");
    assert_eq!(said(&mut connection).await, "{7}", "nothing was sent");
}

#[tokio::test]
async fn a_transaction_that_is_rolled_back_takes_nothing_back() {
    let (stores, _database) = open().await;
    drop(stores.connection_for(AccountId::DEFAULT).await.expect("a connection"));
    let mut connection = stores.connection_for(other()).await.expect("a connection");
    let failed: QueryResult<()> = connection
        .transaction(async |connection| connection.batch_execute("SELECT 1 / 0").await)
        .await;
    assert!(failed.is_err());
    drop(connection);
    let mut connection = stores.connection_for(other()).await.expect("a connection");
    assert_eq!(said(&mut connection).await, "{2}");
}

/// However far it has come: the future is polled so often, and dropped.
#[tokio::test]
async fn who_gives_up_while_it_is_said_leaves_nothing_wrong() {
    let (stores, _database) = open().await;
    let ways: [fn(&Postgres) -> BoxFuture<'_, ()>; 2] = [
        |stores| async move { drop(stores.connection_for(other()).await) }.boxed(),
        |stores| {
            async move {
                drop(stores.pool.beginning_with(Whose::of(other()), Forgetful).await);
            }
            .boxed()
        },
    ];
    let mut given_up = 0;
    for (polls, way) in (0..6).flat_map(|polls| ways.map(|way| (polls, way))) {
        drop(stores.connection_for(AccountId::DEFAULT).await.expect("a connection"));
        {
            let mut saying = way(&stores);
            for _ in 0..polls {
                if poll_immediate(&mut saying).await.is_some() {
                    break;
                }
                given_up += 1;
                tokio::task::yield_now().await;
            }
        }
        let mut connection = stores.connection_for(AccountId::DEFAULT).await.expect("a connection");
        assert_eq!(said(&mut connection).await, "{1}", "after {polls} polls");
        assert_eq!(found(&connection).await, [1], "after {polls} polls");
    }
    assert!(given_up > 0, "nobody gave up");
}

#[tokio::test]
async fn who_gives_up_in_a_transaction_leaves_nothing_wrong() {
    let (stores, _database) = open().await;
    let call = async {
        let mut connection = stores.connection_for(other()).await.expect("a connection");
        let slept: QueryResult<()> = connection
            .transaction(async |connection| connection.batch_execute("SELECT pg_sleep(60)").await)
            .await;
        slept.expect("it is not waited for");
    };
    let given_up = tokio::time::timeout(std::time::Duration::from_millis(300), call).await;
    assert!(given_up.is_err());
    for account in [AccountId::DEFAULT, other()] {
        let connection = stores.connection_for(account).await.expect("a connection");
        assert_eq!(found(&connection).await, [account.get()]);
    }
}
