//! What others say this Postgres can do: `pgbench`, with the endpoint's three statements.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use crate::database::{Database, Server};
use crate::figures::Figures;
use crate::load::FIRST_CUSTOMER;
use crate::settings::Settings;
use crate::usage::Meter;
use crate::window::Window;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/imports/endpoint.sql");

/// When it is, what an answer of the vault puts into a row, and what the audit trail tells of such a row,
/// with its SHA-256.
const VALUES: [(&str, &str); 13] = [
    ("one", "1"),
    ("at", "2026-11-26 12:00:00+00"),
    ("kind", "card"),
    ("brand", "MasterCard"),
    ("last_four", "4444"),
    ("month", "8"),
    ("year", "2030"),
    ("holder", "Sam Sample"),
    ("funding", "credit"),
    ("country", "US"),
    ("fingerprint", "sandboxMasterCard4444"),
    ("item", ITEM),
    ("item_digest", r"\x1ad84e773488c2d9e60bf068b9a152b97d05f6d291b7ca3e8884fe07ef2c3f35"),
];
const ITEM: &str = r#"{"action":"payment_method.imported","by":{"key":1,"account":1},"request":"6f1c0d5b9be34a6c8f0e2d7a41b35c90","after":{"customerId":1000000,"kind":"card","stripeCustomerId":"cus_Synthetic1000000","stripeCardId":"card_Synthetic1000000","brand":"MasterCard","lastFour":"4444","expiryMonth":8,"expiryYear":2030}}"#;

/// How many of its pairs may have come up twice by chance.
const TWICE: usize = 2;

/// It runs for longer than is measured: how long it takes to connect is not known.
const LONGER: Duration = Duration::from_secs(1);

/// A transaction of the log.
struct Logged {
    /// Microseconds.
    took: u32,
    /// Microseconds of the Unix epoch.
    ended: u128,
}

/// Measures so many clients, on a table that is left as full as they make it.
pub(crate) async fn measure(
    server: &Server,
    database: &Database,
    clients: u32,
    settings: &Settings,
) -> Figures {
    let before = database.pairs().await.len();
    let digest = database.digest().await;
    let logs = crate::servers::scratch();
    let window = Window::after(settings.warm, settings.lasting);
    let all = settings.warm + settings.lasting + LONGER;
    let mut command = Command::new(program());
    command.args(["-n", "-M", "prepared", "-f", SCRIPT, "-l", "-h", "127.0.0.1"]);
    command.args(["-U", "postgres", "-p", &database.port.to_string()]);
    command.args(["-c", &clients.to_string(), "-j", &clients.min(2).to_string()]);
    command.args(["-T", &all.as_secs_f64().ceil().to_string()]);
    command.args(["-D", &format!("digest={digest}")]);
    command.args(["-D", &format!("first={FIRST_CUSTOMER}")]);
    command.args(["-D", &format!("last={}", FIRST_CUSTOMER + database.customers - 1)]);
    for (name, value) in VALUES {
        command.args(["-D", &format!("{name}={value}")]);
    }
    command.arg(&database.name).current_dir(logs.path()).kill_on_drop(true);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("pgbench");
    let meter = Meter { load: child.id(), postmaster: Some(server.postmaster), ..Meter::default() };
    let spent = window.pass(meter).await;
    let ended = child.wait_with_output().await.expect("it ends");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let logged = read(logs.path());
    let rows = database.pairs().await.len() - before;
    assert!(logged.len() - rows <= TWICE, "{} transactions, {rows} rows", logged.len());
    let (from, to) = window.on_the_wall();
    let inside = logged.iter().filter(|logged| from <= logged.ended && logged.ended < to);
    let mut latencies: Vec<_> = inside.map(|logged| logged.took).collect();
    latencies.sort_unstable();
    Figures::new(&latencies, &window, spent)
}

fn read(folder: &Path) -> Vec<Logged> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let log = std::fs::read_to_string(entry.path()).expect("a log");
        all.extend(log.lines().map(|line| logged(line).expect("a line of pgbench's log")));
    }
    all
}

/// Client, number, time, script, and the end in seconds and microseconds.
fn logged(line: &str) -> Option<Logged> {
    let mut fields = line.split(' ').skip(2);
    let took = fields.next()?.parse().ok()?;
    let seconds: u128 = fields.nth(1)?.parse().ok()?;
    let micros: u128 = fields.next()?.parse().ok()?;
    Some(Logged { took, ended: seconds * 1_000_000 + micros })
}

/// `PGBENCH` names one that is not on the path.
fn program() -> String {
    std::env::var("PGBENCH").unwrap_or_else(|_| "pgbench".to_owned())
}
