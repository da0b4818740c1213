//! Three servers on one Postgres: one has a job at a time, and what one leaves another takes up.

use std::time::Duration;

use cardlift_tests::{Backend, Program};
use serde_json::json;
use tokio_postgres::NoTls;

use crate::crash::wait_for_end;
use crate::harness::{Place, cards};

const CUSTOMERS: usize = 1_500;

struct Replica {
    server: Program,
    id: u32,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_outlives_a_replica_that_dies_and_one_that_sleeps_past_its_lease() {
    let slow = ["--calls-per-second", "100"];
    let place = Place::new(Backend::postgres().await, CUSTOMERS, &slow).await;
    let job = place.job(&cards(0, CUSTOMERS), &["--reading", "customers"]).await;
    place.succeed(&["job", "start", &job, "--no-wait"]).await;
    let mut replicas = Vec::new();
    for _ in 0..3 {
        let run = place.run(&["serve", "--listen", "127.0.0.1:0"]);
        let (server, _) = Program::serve(run).await;
        let id = server.id();
        replicas.push(Replica { server, id });
    }

    let first = holder(&place, None).await;
    let mut killed = take(&mut replicas, first);
    killed.server.signal("KILL").await;
    killed.server.ended().await;

    let second = holder(&place, Some(first)).await;
    let asleep = take(&mut replicas, second);
    asleep.server.signal("STOP").await;
    let third = holder(&place, Some(second)).await;
    assert_ne!(third, first);
    asleep.server.signal("CONT").await;

    wait_for_end(&place, &job).await;
    let status = place.status(&job).await;
    assert_eq!(status["results"], json!({"imported": CUSTOMERS}), "{status}");
    assert_eq!((&status["settledRows"], &status["pendingRows"]), (&json!(CUSTOMERS), &json!(0)));
    wait_until_written(&asleep.server, "taken over").await;
    assert_eq!(asleep.server.stop().await, Some(0));
    for replica in replicas {
        assert_eq!(replica.server.stop().await, Some(0));
    }
    assert_eq!(rows_in(&place, "payment_method").await, i64::try_from(CUSTOMERS).expect("fits"));
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_of_several_accounts_of_the_vault_are_worked_on_at_once() {
    let slow = ["--calls-per-second", "50"];
    let place = Place::new(Backend::postgres().await, 600, &slow).await;
    let connect = ["account", "connect", "acct_sandbox"];
    place.succeed(&connect).await;
    let own = place.job(&cards(0, 300), &["--reading", "customers"]).await;
    let connected = ["--reading", "customers", "--connected"];
    let connected = place.job(&cards(300, 300), &connected).await;
    for job in [&own, &connected] {
        place.succeed(&["job", "start", job, "--no-wait"]).await;
    }
    let mut servers = Vec::new();
    for _ in 0..2 {
        let run = place.run(&["serve", "--listen", "127.0.0.1:0"]);
        servers.push(Program::serve(run.env("CARDLIFT_JOBS_AT_ONCE", "1")).await.0);
    }
    let mut workers = Vec::new();
    for _ in 0..200 {
        workers = holders(&place).await;
        if workers.len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    workers.sort_unstable();
    let mut ids: Vec<_> = servers.iter().map(Program::id).collect();
    ids.sort_unstable();
    assert_eq!(workers, ids, "each has one of them");
    for job in [&own, &connected] {
        wait_for_end(&place, job).await;
    }
    for server in servers {
        assert_eq!(server.stop().await, Some(0));
    }
}

fn take(replicas: &mut Vec<Replica>, id: u32) -> Replica {
    let at = replicas.iter().position(|replica| replica.id == id).expect("one of ours");
    replicas.remove(at)
}

/// The process that has the job, once it is another than this one.
async fn holder(place: &Place, former: Option<u32>) -> u32 {
    for _ in 0..400 {
        if let Some(id) = holders(place).await.into_iter().find(|id| Some(*id) != former) {
            return id;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("nobody takes the job");
}

/// The processes that have a job: a worker is called HOST-PROCESS-..
async fn holders(place: &Place) -> Vec<u32> {
    let select = "SELECT lease_worker FROM import_job WHERE lease_worker IS NOT NULL";
    let rows = database(place).await.query(select, &[]).await.expect("rows");
    let id = |row: &tokio_postgres::Row| {
        let worker: String = row.get(0);
        let id = worker.rsplit('-').nth(1).and_then(|id| id.parse().ok());
        id.unwrap_or_else(|| panic!("{worker} names its process"))
    };
    rows.iter().map(id).collect()
}

async fn rows_in(place: &Place, table: &str) -> i64 {
    let count = format!("SELECT count(*) FROM {table}");
    database(place).await.query_one(&count, &[]).await.expect("a count").get(0)
}

async fn database(place: &Place) -> tokio_postgres::Client {
    let connected = tokio_postgres::connect(&place.backend.url(), NoTls).await;
    let (client, connection) = connected.expect("connected");
    tokio::spawn(connection);
    client
}

async fn wait_until_written(server: &Program, text: &str) {
    for _ in 0..400 {
        if server.written().contains(text) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it does not write {text:?}: {}", server.written());
}
