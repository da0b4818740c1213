//! Card numbers, keys, names and addresses are planted wherever something can be sent or typed, and
//! looked for wherever something is written: answers, log, metrics, what commands say, each table
//! of the database, and its files.

mod accounts;
mod commands;
mod dump;
mod keys;
mod people;
mod place;
mod requests;

use cardlift_tests::Backend;
use reqwest::Method;

use self::place::{Place, Sent};

/// A card number, which gets nowhere, as it is written by itself and in groups.
pub(crate) const NUMBER: &str = "5105105105105100";
pub(crate) const GROUPED: &str = "5105 1051 0510 5100";
pub(crate) const DASHED: &str = "5105-1051-0510-5100";

/// What all of them end in, without the first digit, which is escaped in places.
const NUMBERS: [&str; 3] = ["105105105105100", "105 1051 0510 5100", "105-1051-0510-5100"];

/// Secrets, which get nowhere either: the vault's key, pieces that the sandbox's errors have, and the
/// password of the database.
const SECRETS: [&str; 4] = ["sk_test_planted", "rk_test_", "acct_", PASSWORD];

/// What stands in the URL of the database where that takes one.
const PASSWORD: &str = "planted-password";

/// A key of the vault's, of which a piece is above.
const VAULT_KEY: &str = "sk_test_planted_over_the_api";

/// Of people: kept with them, and written nowhere else.
const PERSONAL: [&str; 8] = [
    "Maria",
    "Carmen",
    "Lopez",
    "Oyster",
    "San Francisco",
    "planted@example.com",
    "Plantation Ltd",
    "+4915123456787",
];

/// What is kept to know a request again, or to be counted, and logged by nobody.
const UNLOGGED: [&str; 2] = ["planted-idempotency", "*4242"];

/// The tables of people: theirs, what they pay with, and what they were answered.
const OF_PEOPLE: [&str; 3] = ["customer", "idempotency_reply", "payment_method"];

async fn nothing_planted_gets_where_it_must_not(backend: Backend, format: &'static str) {
    let mut place = Place::new(backend, format).await;
    people::are_kept(&mut place).await;
    accounts::are_set_up(&mut place).await;
    keys::are_written_nowhere(&mut place).await;
    requests::are_refused(&mut place).await;
    commands::are_refused(&mut place).await;
    let trail = trail(&mut place).await;
    let metrics = place.metrics().await;
    assert!(metrics.contains("cardlift_http_card_numbers_total"), "they are counted: {metrics}");
    // While the server runs, so that nothing was tidied up.
    let tables = dump::tables(&place).await;
    let files = dump::files(&place);
    let (secrets_of_ours, said) = (place.secrets.clone(), place.said.clone());
    let secrets = || SECRETS.into_iter().chain(secrets_of_ours.iter().map(String::as_str));
    let log = place.end().await;
    assert!(log.contains("imported a card"), "it did log: {log}");
    for (what, text) in [("log", &log), ("metrics", &metrics), ("audit trail", &trail)] {
        for planted in NUMBERS.into_iter().chain(secrets()).chain(PERSONAL).chain(UNLOGGED) {
            absent(planted, what, text);
        }
    }
    for planted in NUMBERS.into_iter().chain(secrets()) {
        absent(planted, "answers, or what commands said", &said);
        absent(planted, "files of the database", &files);
        for (table, rows) in &tables {
            absent(planted, table, rows);
        }
    }
    for (table, rows) in &tables {
        for planted in PERSONAL.into_iter().filter(|_| !OF_PEOPLE.contains(&table.as_str())) {
            absent(planted, table, rows);
        }
    }
    for table in OF_PEOPLE {
        let rows = tables.get(table).expect("a table of people");
        assert!(rows.contains("Maria"), "what is kept would be found: {table}: {rows}");
    }
}

/// All that the audit trail says, by the command and over the API, once it is chained.
async fn trail(place: &mut Place) -> String {
    let listed = place.command(&["audit", "list", "--json"]).await;
    assert_eq!(listed.code, Some(0), "{}", listed.stderr);
    let shown = place.command(&["audit", "list"]).await;
    assert_eq!(place.command(&["audit", "verify"]).await.code, Some(0));
    let (status, read) = place.ask(&Sent::new(Method::GET, "/v1/auditTrail?pageSize=1000")).await;
    assert_eq!(status, 200, "{read}");
    for text in [&listed.stdout, &shown.stdout, &read] {
        assert!(text.contains("customer.changed") && text.contains("lastName"), "it tells: {text}");
    }
    [listed.stdout, shown.stdout, read].concat()
}

#[track_caller]
fn absent(planted: &str, place: &str, text: &str) {
    let at = text.find(planted);
    let around = at.map(|at| {
        text.char_indices().filter(|(place, _)| place.abs_diff(at) < 200).map(|(_, c)| c).collect()
    });
    assert_eq!(around, None::<String>, "{planted} is in {place}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_nothing_planted_gets_where_it_must_not() {
    nothing_planted_gets_where_it_must_not(Backend::sqlite(), "json").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_nothing_planted_gets_where_it_must_not() {
    nothing_planted_gets_where_it_must_not(Backend::postgres().await, "text").await;
}
