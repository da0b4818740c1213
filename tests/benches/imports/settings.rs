//! What a run is told by its environment.

use std::str::FromStr;
use std::time::Duration;

/// Settings of the program that are passed on to it, where they are set.
const PASSED_ON: &str = "CARDLIFT_";

/// The role of Postgres that the program serves as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The owner of the tables, whom row-level security keeps nothing from.
    Owner,
    /// One that was let in by `cardlift migrate --grant-to`.
    Application,
}

/// How much is measured, and how long.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// `ROUNDS`: how often everything is measured.
    pub(crate) rounds: usize,
    /// `DURATION`: how many seconds each measurement lasts.
    pub(crate) lasting: Duration,
    /// `WARM`: for how many seconds there is load before it.
    pub(crate) warm: Duration,
    /// `CONNECTIONS`: how many there are at once.
    pub(crate) connections: Vec<u32>,
    /// `LATENCIES`: how long the vault takes at least, in milliseconds.
    pub(crate) latencies: Vec<u32>,
    /// `CUSTOMERS`: how many the database has.
    pub(crate) customers: u32,
    /// `STARTS`: how often the program is started to see when it answers.
    pub(crate) starts: usize,
    /// `POSTGRES`: settings of Postgres that are not as it comes, `name=value`.
    pub(crate) postgres: Vec<(String, String)>,
    /// `ROLE`: which role the program serves as, `owner` or `application`.
    pub(crate) role: Role,
    /// Every `CARDLIFT_` variable, but the one that names the binary.
    pub(crate) passed_on: Vec<(String, String)>,
}

impl Settings {
    pub(crate) fn read() -> Self {
        let ours = |name: &String| name.starts_with(PASSED_ON) && name != "CARDLIFT_BIN";
        Self {
            rounds: one("ROUNDS", 4),
            lasting: Duration::from_secs_f64(one("DURATION", 5.0)),
            warm: Duration::from_secs_f64(one("WARM", 1.0)),
            connections: many("CONNECTIONS", &[1, 32, 128]),
            latencies: many("LATENCIES", &[0, 20]),
            customers: one("CUSTOMERS", 100_000),
            starts: one("STARTS", 11),
            postgres: pairs("POSTGRES"),
            role: role(),
            passed_on: std::env::vars().filter(|(name, _)| ours(name)).collect(),
        }
    }
}

fn role() -> Role {
    match std::env::var("ROLE").as_deref() {
        Err(_) | Ok("owner") => Role::Owner,
        Ok("application") => Role::Application,
        Ok(other) => panic!("ROLE is owner or application, not {other}"),
    }
}

/// Names and values with blanks between them.
fn pairs(name: &str) -> Vec<(String, String)> {
    let text = std::env::var(name).unwrap_or_default();
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').expect("name=value");
        (name.to_owned(), value.to_owned())
    };
    text.split_whitespace().map(pair).collect()
}

/// A number, or what it is by default.
pub(crate) fn one<T: FromStr>(name: &str, default: T) -> T {
    let Ok(text) = std::env::var(name) else { return default };
    text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}"))
}

/// Numbers with blanks or commas between them.
pub(crate) fn many(name: &str, default: &[u32]) -> Vec<u32> {
    let Ok(text) = std::env::var(name) else { return default.to_owned() };
    let numbers = text.split([' ', ',']).filter(|number| !number.is_empty());
    numbers.map(|number| number.parse().expect("numbers with blanks between them")).collect()
}
