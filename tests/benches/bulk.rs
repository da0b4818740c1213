//! How fast a job runs into Postgres, beside raw batched inserts of the same rows.
//!
//! ```sh
//! cargo build --release -p cardlift
//! CARDLIFT_BIN=$PWD/target/release/cardlift cargo bench -p cardlift-tests --bench bulk
//! ```
//!
//! `ROWS` is how many rows the job has. The sandbox is the vault, in a process of its own, without
//! limits; the job scans it. Then the payment methods that it made are inserted into a table with
//! the same columns, indexes and foreign keys, a thousand in a transaction over two connections,
//! by a program that does nothing else; and last the vault takes a hundred calls a second.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark that meets what it does not expect has failed"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use cardlift_tests::{Backend, Program, Run, client};
use serde_json::Value;
use tokio_postgres::NoTls;

/// How many customers are loaded at once, and rows inserted in a transaction.
const PART: usize = 100_000;
const BATCH: usize = 1_000;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let rows = std::env::var("ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    runtime.block_on(measure(rows));
}

async fn measure(rows: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("cards.csv");
    std::fs::write(&file, cards(rows)).expect("a file");
    let backend = Backend::postgres().await;
    load_customers(&backend, rows).await;
    let count = rows.to_string();
    let sandbox = ["sandbox", "--listen", "127.0.0.1:0", "--customers", &count];
    let (vault, base) = Program::serve(Run::new(&sandbox)).await;
    let unlimited = job(&backend, &base, &file, &[("CARDLIFT_STRIPE_RATE", "off")]).await;
    report("scanned without limits", rows, &unlimited);
    let raw = raw_inserts(&backend, rows).await;
    println!("{:<34}{:>9.0} rows/s", "raw batched inserts", per_second(rows, raw));
    println!("{:<34}{:>9.2}", "ratio", raw.as_secs_f64() / unlimited.took.as_secs_f64());
    vault.stop().await;

    let limited = [&sandbox[..], &["--calls-per-second", "100"]].concat();
    let (vault, base) = Program::serve(Run::new(&limited)).await;
    let rates = [("CARDLIFT_STRIPE_RATE", "100"), ("CARDLIFT_STRIPE_ENDPOINT_RATE", "100")];
    let limited = job(&backend, &base, &file, &rates).await;
    report("scanned at 100 calls a second", rows, &limited);
    vault.stop().await;
}

struct Ran {
    took: Duration,
    uploading: Duration,
    calls: u64,
    refused: u64,
}

fn report(what: &str, rows: usize, ran: &Ran) {
    println!(
        "{what:<34}{:>9.0} rows/s  {:.1} s, {} calls ({:.1}/s, {} of them refused); the file took {:.1} s",
        per_second(rows, ran.took),
        ran.took.as_secs_f64(),
        ran.calls,
        per_second(usize::try_from(ran.calls).expect("a count"), ran.took),
        ran.refused,
        ran.uploading.as_secs_f64(),
    );
}

fn per_second(count: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(count).expect("a count")) / took.as_secs_f64()
}

/// Runs the file as a job, from the command line.
async fn job(backend: &Backend, base: &str, file: &Path, settings: &[(&str, &str)]) -> Ran {
    let with = |arguments: &[&str]| {
        let run = backend.run(arguments).env("STRIPE_API_KEY", "sk_test_bench");
        let run = run.env("STRIPE_API_BASE", base).patient();
        settings.iter().fold(run, |run, (name, value)| run.env(name, value))
    };
    let before = requests(base).await;
    let started = Instant::now();
    let file = file.to_str().expect("a path");
    with(&["import", file, "--reading", "scan", "--create-only"]).succeed().await;
    let uploading = started.elapsed();
    let list: Value =
        serde_json::from_str(&with(&["job", "list", "--json"]).succeed().await).expect("JSON");
    let id = list.as_array().expect("a list").iter().filter_map(|job| job["id"].as_i64()).max();
    let started = Instant::now();
    with(&["job", "start", &id.expect("a job").to_string()]).succeed().await;
    let took = started.elapsed();
    let after = requests(base).await;
    let grew = |name: &str| {
        after[name].as_u64().unwrap_or_default() - before[name].as_u64().unwrap_or_default()
    };
    Ran { took, uploading, calls: grew("total"), refused: grew("throttled") }
}

async fn requests(base: &str) -> Value {
    let answer = client().get(format!("{base}/_sandbox/requests")).send().await.expect("an answer");
    serde_json::from_str(&answer.text().await.expect("text")).expect("JSON")
}

fn cards(rows: usize) -> String {
    let mut file = String::from("customerId,stripeCustomerId,stripeCardId\n");
    for row in 0..rows {
        let _ = writeln!(file, "{},cus_Synthetic{row:07},card_Synthetic{row:07}", row + 1);
    }
    file
}

async fn load_customers(backend: &Backend, count: usize) {
    let ids: Vec<_> = (1..=count).collect();
    for part in ids.chunks(PART) {
        let mut file = String::from("customerId\n");
        for id in part {
            let _ = writeln!(file, "{id}");
        }
        let loaded = backend.load(&file).await;
        assert_eq!(loaded.code, Some(0), "{}", loaded.stderr);
    }
}

/// Inserts the payment methods again, into a table of the same make; gives how long that took.
async fn raw_inserts(backend: &Backend, rows: usize) -> Duration {
    let url = backend.url();
    let connect = async || {
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.expect("connected");
        tokio::spawn(connection);
        client
    };
    let (one, other) = (connect().await, connect().await);
    let made = "CREATE TABLE raw (LIKE payment_method INCLUDING ALL);
                ALTER TABLE raw ADD FOREIGN KEY (account_id, customer_id)
                    REFERENCES customer (account_id, id)";
    one.batch_execute(made).await.expect("made");
    let columns = "SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute
                   WHERE attrelid = 'raw'::regclass AND attnum > 0 ORDER BY attnum";
    let columns: Vec<(String, String)> = one
        .query(columns, &[])
        .await
        .expect("columns")
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    let names = columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    let casts: Vec<_> =
        (1..).zip(&columns).map(|(at, (_, kind))| format!("c{at}::{kind}")).collect();
    let arrays: Vec<_> = (1..=columns.len()).map(|at| format!("${at}::text[]")).collect();
    let fields: Vec<_> = (1..=columns.len()).map(|at| format!("c{at}")).collect();
    let insert = format!(
        "INSERT INTO raw ({names}) OVERRIDING SYSTEM VALUE SELECT {} FROM unnest({}) AS r({})",
        casts.join(", "),
        arrays.join(", "),
        fields.join(", ")
    );
    let texts: Vec<_> = columns.iter().map(|(name, _)| format!("{name}::text")).collect();
    let select = format!("SELECT {} FROM payment_method ORDER BY id", texts.join(", "));
    let mut batches = Vec::new();
    let all = one.query(&select, &[]).await.expect("rows");
    assert_eq!(all.len(), rows, "each row of the job is a payment method");
    for part in all.chunks(BATCH) {
        let column = |at| part.iter().map(|row| row.get(at)).collect::<Vec<Option<String>>>();
        batches.push((0..columns.len()).map(column).collect::<Vec<_>>());
    }
    drop(all);
    let (left, right) = batches.split_at(batches.len() / 2);
    let started = Instant::now();
    let insert_all = async |client: &tokio_postgres::Client, batches: &[Vec<_>]| {
        let statement = client.prepare(&insert).await.expect("prepared");
        for batch in batches {
            let values: Vec<_> = batch.iter().map(value).collect();
            client.execute(&statement, &values).await.expect("inserted");
        }
    };
    tokio::join!(insert_all(&one, left), insert_all(&other, right));
    started.elapsed()
}

fn value(column: &Vec<Option<String>>) -> &(dyn tokio_postgres::types::ToSql + Sync) {
    column
}
