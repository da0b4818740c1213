//! Clusters and databases that come and go.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::convert::Infallible;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cardlift_throwaway_postgres::{Cluster, ClusterOptions, TestDatabase, ThrowawayError};
use tokio_postgres::NoTls;

async fn execute(url: &str, sql: &str) -> Result<u64, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    client.execute(sql, &[]).await
}

async fn with_table(url: String) -> Result<(), tokio_postgres::Error> {
    execute(&url, "CREATE TABLE thing (id int)").await.map(|_| ())
}

async fn database() -> TestDatabase {
    let made = cardlift_throwaway_postgres::database("things", with_table).await;
    made.expect("a database")
}

#[tokio::test]
async fn each_test_has_a_database_of_its_own() {
    let (one, two) = (database().await, database().await);
    execute(one.url(), "INSERT INTO thing VALUES (1)").await.expect("inserted");
    assert_eq!(execute(one.url(), "SELECT * FROM thing").await.expect("read"), 1);
    assert_eq!(execute(two.url(), "SELECT * FROM thing").await.expect("read"), 0);
}

#[tokio::test]
async fn a_template_is_made_once_however_many_ask() {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let ask = || async {
        let migrate = |_url: String| async {
            MADE.fetch_add(1, Ordering::SeqCst);
            Ok::<(), Infallible>(())
        };
        let name = format!("once_{}", std::process::id());
        cardlift_throwaway_postgres::database(&name, migrate).await.expect("a database")
    };
    let mut asks = tokio::task::JoinSet::new();
    for _ in 0..16 {
        asks.spawn(ask());
    }
    assert_eq!(asks.join_all().await.len(), 16);
    assert_eq!(MADE.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_migration_that_fails_leaves_no_template() {
    let name = format!("failed_{}", std::process::id());
    let fail = |_url: String| async { Err::<(), _>(std::io::Error::other("no such table")) };
    let error = cardlift_throwaway_postgres::database(&name, fail).await.expect_err("failed");
    assert!(matches!(error, ThrowawayError::Migrate(_)), "{error}");
    let again = cardlift_throwaway_postgres::database(&name, with_table).await.expect("made");
    assert_eq!(execute(again.url(), "SELECT * FROM thing").await.expect("read"), 0);
}

#[tokio::test]
async fn a_dropped_database_is_gone() {
    let url = {
        let database = database().await;
        database.url().to_owned()
    };
    assert!(execute(&url, "SELECT 1").await.is_err());
}

#[tokio::test]
async fn settings_reach_the_server() {
    let settings = vec![("work_mem".to_owned(), "12345kB".to_owned())];
    let options = ClusterOptions { settings, ..ClusterOptions::default() };
    let cluster = Cluster::start(&options).expect("a cluster");
    let url = cluster.url("postgres");
    let sql = "SELECT 1 FROM pg_settings WHERE name = 'work_mem' AND setting = '12345'";
    assert_eq!(execute(&url, sql).await.expect("asked"), 1);
}

fn with_postgres(command: &[&str]) -> Command {
    let mut run = Command::new(env!("CARGO_BIN_EXE_with-postgres"));
    run.args(command);
    run
}

#[test]
fn the_exit_code_of_the_command_comes_back() {
    let status = with_postgres(&["sh", "-c", "exit 7"]).status().expect("it runs");
    assert_eq!(status.code(), Some(7));
}

#[test]
fn a_process_that_is_killed_leaves_no_server() {
    // The command ends when its stdin does, which is when this test does.
    let mut run = with_postgres(&["sh", "-c", "echo $TEST_DATABASE_URL; read line"]);
    run.env_remove("TEST_DATABASE_URL").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = run.spawn().expect("it runs");
    let mut url = String::new();
    let stdout = process.stdout.take().expect("stdout is piped");
    BufReader::new(stdout).read_line(&mut url).expect("it says where");
    let port = url.trim().split(['@', '/']).find_map(|part| part.strip_prefix("127.0.0.1:"));
    let address = format!("127.0.0.1:{}", port.expect("a port"));
    assert!(TcpStream::connect(&address).is_ok(), "the server listens");
    process.kill().expect("killed");
    process.wait().expect("waited for");
    let until = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect(&address).is_ok() {
        assert!(Instant::now() < until, "the server is still there");
        std::thread::yield_now();
    }
}
