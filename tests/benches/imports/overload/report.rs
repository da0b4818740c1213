//! What came of the requests of a time, for whoever watches.

use std::collections::BTreeSet;
use std::time::Duration;

use super::turn::{CALM, Found, Turn};
use crate::figures::{count, percentile};
use crate::load::Arrived;
use crate::usage::Spent;
use crate::window::Window;

/// What came of a turn.
pub(super) fn turn(turn: &Turn, found: &Found, arrived: &[Arrived]) {
    let bears = turn.bears(|one| one.throughput);
    println!("  bears {bears:.0} requests/s from {} connections", super::BUSY);
    of("too much", arrived, turn.too_much, turn.spent);
    let recovers = found.felt + CALM < turn.half.to - turn.half.from;
    println!(
        "      {:16}done {:.2}, for {:.2} of the CPU each; {} after {:.0} ms, {} felt later",
        "",
        found.done,
        found.cost,
        if recovers { "as before" } else { "NOT as before" },
        found.felt.as_secs_f64() * 1_000.0,
        found.later,
    );
}

/// Of the requests that were due in this window: how many had which answer, and when. And the cores
/// that each of those had who take part.
pub(super) fn of(name: &str, arrived: &[Arrived], window: Window, spent: Spent) {
    let due: Vec<_> = arrived.iter().filter(|one| window.holds(one.due)).collect();
    let statuses: BTreeSet<_> = due.iter().map(|one| one.status).collect();
    for status in statuses {
        let latencies = latencies(due.iter().copied().filter(|one| one.status == status));
        println!(
            "      {name:<16}{:<8}{:>8.0}/s  p50 {:>8.2} ms  p99 {:>8.2} ms",
            if status == 0 { "broken".to_owned() } else { status.to_string() },
            count(latencies.len()) / window.seconds(),
            percentile(&latencies, 50),
            percentile(&latencies, 99),
        );
    }
    let cores = |time: Duration| time.as_secs_f64() / window.seconds();
    println!(
        "      {:16}cores: program {:.2}, Postgres {:.2}, vault {:.2}, load {:.2}, others {:.2}",
        "",
        cores(spent.program),
        cores(spent.postgres),
        cores(spent.vault),
        cores(spent.load),
        cores(spent.others()),
    );
}

/// Microseconds, sorted.
pub(super) fn latencies<'a>(arrived: impl Iterator<Item = &'a Arrived>) -> Vec<u32> {
    let micros = |one: &Arrived| u32::try_from(one.took().as_micros()).unwrap_or(u32::MAX);
    let mut latencies: Vec<_> = arrived.map(micros).collect();
    latencies.sort_unstable();
    latencies
}
