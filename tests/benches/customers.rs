//! How long a page of a million customers takes, on both databases.
//!
//! ```sh
//! cargo build --release -p cardlift
//! CARDLIFT_BIN=$PWD/target/release/cardlift cargo bench -p cardlift-tests --bench customers
//! ```
//!
//! Each figure is the median of 21 requests, one at a time, by the running program; the second is
//! its ratio to reading one customer by its id in the same run. `CUSTOMERS` is how many there are.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark that meets what it does not expect has failed"
)]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use cardlift_tests::{Backend, Program, client};
use reqwest::header::AUTHORIZATION;

const REQUESTS: usize = 21;

/// How many customers are loaded at once.
const PART: usize = 100_000;

/// What is asked. A page has 100 customers.
const QUERIES: [(&str, &str); 22] = [
    ("one customer", "/500000"),
    ("first page", ""),
    ("page 10 by name", "?pageNumber=9&sortExpression=lastName"),
    ("newest first", "?sortExpression=createdTimestamp&sortOrder=Descending"),
    ("one e-mail address", "?query=primaryEmail:person500000@example.com"),
    ("ten references", "?query=reference:r1,r2,r3,r4,r5,r6,r7,r8,r9,r10"),
    ("a beginning, 1 match", "?query=primaryEmail:person777777*"),
    ("a beginning, 1 111 matches", "?query=primaryEmail:person777*"),
    ("a beginning, every customer matches", "?query=primaryEmail:p*"),
    ("a name, 100 matches", "?query=lastName:Last77"),
    ("a range of ids", "?query=id:500000|500050"),
    ("two fields", "?query=lastName:Last77;firstName:First7*"),
    ("a status, every customer matches", "?query=status:Active"),
    ("a status nobody has, by name", "?query=status:Hold&sortExpression=lastName"),
    ("two statuses nobody has", "?query=status:Hold,Draft"),
    ("a status, by name", "?query=status:Active&sortExpression=lastName"),
    ("a status, the middle page", "?query=status:Active&pageNumber=4999"),
    ("an end", "?query=primaryEmail:*777777@example.com"),
    ("the middle page", "?pageNumber=4999"),
    ("the middle page, newest first", NEWEST_MIDDLE),
    ("the middle page by name", "?pageNumber=4999&sortExpression=lastName"),
    ("the last page", "?pageNumber=9999"),
];

const NEWEST_MIDDLE: &str = "?pageNumber=4999&sortExpression=createdTimestamp&sortOrder=Descending";

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let count = std::env::var("CUSTOMERS").ok().and_then(|count| count.parse().ok());
    let count = count.unwrap_or(1_000_000);
    runtime.block_on(async {
        measure("SQLite", Backend::sqlite(), count).await;
        measure("Postgres", Backend::postgres().await, count).await;
    });
}

async fn measure(name: &str, backend: Backend, count: usize) {
    let started = Instant::now();
    let ids: Vec<_> = (1..=count).collect();
    for part in ids.chunks(PART) {
        let mut file = String::from("customerId,firstName,lastName,primaryEmail,reference\n");
        for id in part {
            let (first, last) = (id % 1_000, id % 10_000);
            let _ = writeln!(file, "{id},First{first},Last{last},person{id}@example.com,r{id}");
        }
        let loaded = backend.load(&file).await;
        assert_eq!(loaded.code, Some(0), "{}", loaded.stderr);
    }
    println!("\n{name}: {count} customers, loaded in {:.1} s", started.elapsed().as_secs_f64());
    let key = backend.key().await;
    let off = ["account", "limit", "--per-minute", "off", "--per-day", "off"];
    backend.run(&off).succeed().await;
    let run = backend.run(&["serve", "--listen", "127.0.0.1:0"]);
    let (program, base) = Program::serve(run.env("STRIPE_API_KEY", "sk_test_none")).await;
    let mut unit = None;
    for (what, query) in QUERIES {
        let took = median(&format!("{base}/v1/customers{query}"), &key).await;
        let one = *unit.get_or_insert(took);
        let ratio = took.as_secs_f64() / one.as_secs_f64();
        println!("{what:<36}{:>9.2} ms {ratio:>8.1}", took.as_secs_f64() * 1_000.0);
    }
    program.stop().await;
}

async fn median(url: &str, key: &str) -> Duration {
    let client = client();
    let mut times = Vec::with_capacity(REQUESTS);
    for _ in 0..REQUESTS {
        let started = Instant::now();
        let request = client.get(url).header(AUTHORIZATION, format!("Basic {key}"));
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{url}");
        answer.bytes().await.expect("a body");
        times.push(started.elapsed());
    }
    times.sort_unstable();
    times.get(REQUESTS / 2).copied().unwrap_or_default()
}
