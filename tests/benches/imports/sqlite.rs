//! The program on SQLite, beside inserts of such rows by SQLite alone, in the same round and on the
//! same disk.

use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection};

use crate::bed::{check, load_program};
use crate::database::furnish;
use crate::figures::{Figures, Spread};
use crate::load::{CARD_STEP, CUSTOMER_STEP, FIRST_CUSTOMER, Load, Pair, Template};
use crate::report::{header, line};
use crate::servers::{Server, VAULT_CUSTOMERS, scratch};
use crate::settings::Settings;

/// How many rows a transaction has when they are inserted raw.
const BATCHES: [u32; 3] = [1, 128, 1_000];

/// How the program opens its file.
const OPEN: &str = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -8192;
                    PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_mode = WAL;";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    customer: i64,
    #[diesel(sql_type = BigInt)]
    card: i64,
}

pub(crate) async fn run(settings: &Settings) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("cardlift.db");
    let url = format!("sqlite:{}", file.display());
    let key = furnish(&url, settings.customers).await;
    let mut programs = vec![Vec::new(); settings.connections.len()];
    let mut raws = vec![Vec::new(); BATCHES.len()];
    for _ in 0..settings.rounds {
        for (batch, raws) in BATCHES.iter().zip(&mut raws) {
            raws.push(raw(&file, *batch, settings));
        }
        for (connections, programs) in settings.connections.iter().zip(&mut programs) {
            programs.push(program(settings, &url, &file, &key, *connections).await);
        }
    }
    header();
    for (connections, rounds) in settings.connections.iter().zip(&programs) {
        line(&format!("{connections:>4}  program on SQLite"), &Figures::median(rounds));
    }
    for (batch, raws) in BATCHES.iter().zip(&raws) {
        let median = Spread::of(raws.iter().copied()).median;
        println!("{:<36}{median:>10.0}", format!("      raw, {batch} rows in a transaction"));
    }
    println!("\nrequests/s of raw rows/s in the same round: median (least to most)");
    for (connections, rounds) in settings.connections.iter().zip(&programs) {
        for (batch, raws) in BATCHES.iter().zip(&raws) {
            let ratios = rounds.iter().zip(raws).map(|(program, raw)| program.throughput / raw);
            println!("{connections:>4}  of {batch:>4} rows at once  {}", Spread::of(ratios));
        }
    }
}

async fn program(
    settings: &Settings,
    url: &str,
    file: &Path,
    key: &str,
    connections: u32,
) -> Figures {
    empty(file);
    let logs = scratch();
    let vault = Server::vault(logs.path(), 0);
    let (binary, on) = (cardlift_tests::binary(), (url, vault.address));
    let program = Server::program(logs.path(), &binary, on, &settings.passed_on).listening();
    let template = Template::import(key, settings.customers);
    let load = Load::new(program.address, template, connections);
    let (outcome, figures) = load_program(settings, load, (&program, &vault), None).await;
    program.stop();
    vault.stop();
    check(&outcome, settings.customers, &pairs(file));
    figures
}

/// Inserts rows of the same make, so many in a transaction; gives how many a second.
fn raw(file: &Path, batch: u32, settings: &Settings) -> f64 {
    empty(file);
    let mut connection = open(file);
    let (mut number, mut measured) = (0, 0);
    let begun = Instant::now() + settings.warm.min(Duration::from_secs(1));
    while Instant::now() < begun + settings.lasting {
        let rows = inserts(number, batch, settings.customers);
        connection.batch_execute(&rows).expect("inserted");
        number += batch;
        if Instant::now() >= begun {
            measured += batch;
        }
    }
    f64::from(measured) / settings.lasting.as_secs_f64()
}

/// One statement for a whole transaction, which makes its rows itself: nothing but the inserting is
/// measured.
fn inserts(first: u32, batch: u32, customers: u32) -> String {
    let last = first + batch - 1;
    format!(
        "WITH RECURSIVE request (number) AS (
             VALUES ({first}) UNION ALL SELECT number + 1 FROM request WHERE number < {last}),
         pair (customer, card) AS (
             SELECT {FIRST_CUSTOMER} + number * {CUSTOMER_STEP} % {customers},
                    printf('%07d', number * {CARD_STEP} % {VAULT_CUSTOMERS}) FROM request)
         INSERT INTO payment_method (account_id, customer_id, kind, external_customer_id,
             external_card_id, brand, last_four, expiry_month, expiry_year, holder_name, funding,
             issuer_country, fingerprint, is_default, created_at, updated_at)
         SELECT 1, customer, 'card', 'cus_Synthetic' || card, 'card_Synthetic' || card, 'MasterCard',
             '4444', 8, 2030, 'Sam Sample', 'credit', 'US', 'sandboxMasterCard4444', 0,
             '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z' FROM pair"
    )
}

fn pairs(file: &Path) -> Vec<Pair> {
    let all =
        "SELECT customer_id AS customer, CAST(substr(external_card_id, 15) AS INTEGER) AS card
               FROM payment_method ORDER BY 1, 2";
    let rows: Vec<Row> = diesel::sql_query(all).load(&mut open(file)).expect("rows");
    let number = |number: i64| u32::try_from(number).expect("seven digits");
    rows.iter().map(|row| Pair { customer: number(row.customer), card: number(row.card) }).collect()
}

fn empty(file: &Path) {
    let cut = "DELETE FROM payment_method; PRAGMA wal_checkpoint(TRUNCATE);";
    open(file).batch_execute(cut).expect("an empty table");
}

fn open(file: &Path) -> SqliteConnection {
    let path = file.to_str().expect("a path");
    let mut connection = SqliteConnection::establish(path).expect("opened");
    connection.batch_execute(OPEN).expect("set up");
    connection
}
