//! Twice the load that the program can bear, or more: how much of it is still done, what is
//! refused, and how soon all is as before.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::bed::Bed;
use crate::figures::{Spread, count, percentile};
use crate::load::{Arrivals, Arrived, Pair};
use crate::settings::one;
use crate::usage::{Meter, Spent};
use crate::window::Window;

/// Shares of what the program can bear, and for how long: before, meanwhile, after. What was not
/// done meanwhile takes longer than that to catch up with, if nothing is refused.
fn parts(times: f64) -> [(&'static str, f64, u32); 3] {
    [("half", 0.5, 1), ("too much", times, 1), ("half again", 0.5, 4)]
}

/// From how many connections the program gets what it can bear.
const BUSY: u32 = 128;

/// An answer that takes longer is none that is as before; or than twice the p99 before.
const SLOW: Duration = Duration::from_millis(100);

pub(crate) async fn run(bed: &Bed) {
    let connections = one("ARRIVING", 1_024);
    let times: f64 = one("TIMES", 2.0);
    let mut goods = Vec::new();
    let mut recoveries = Vec::new();
    for round in 1..=bed.settings.rounds {
        let before = bed.measure_program(0, BUSY).await.throughput;
        println!("round {round}: bears {before:.0} requests/s from {BUSY} connections");
        let (good, recovered) = measure(bed, before, times, connections).await;
        let after = bed.measure_program(0, BUSY).await.throughput;
        println!("      bears {after:.0} requests/s afterwards");
        // The machine may have become faster or slower meanwhile.
        goods.push(good / f64::midpoint(before, after));
        recoveries.push(recovered.as_secs_f64());
    }
    println!(
        "\ngood answers at {times} times the load, of what it bears: {}",
        Spread::of(goods.into_iter())
    );
    println!("seconds until all is as before: {}", Spread::of(recoveries.into_iter()));
}

/// Gives the good answers a second under overload, and how long it was felt afterwards.
async fn measure(bed: &Bed, bears: f64, times: f64, connections: u32) -> (f64, Duration) {
    bed.ours.reset().await;
    let vault = bed.vault(0);
    let program = bed.program(&vault).listening();
    let lasting = bed.settings.lasting;
    let told = parts(times);
    let parts = told.map(|(_, share, long)| (bears * share, lasting * long)).to_vec();
    let (target, template) = (program.address, bed.import());
    let meter = Meter {
        program: Some(program.process()),
        vault: Some(vault.process()),
        postmaster: Some(bed.server.postmaster),
        load: None,
    };
    let windows = told.map(|(_, _, long)| lasting * long).into_iter();
    let load = Arrivals { target, template, connections, parts }.run();
    let (arrived, spent) = tokio::join!(load, spent(windows, meter));
    println!("      peak memory {:.1} MiB", crate::usage::peak(program.process()));
    program.stop();
    vault.stop();
    let mut begun = Duration::ZERO;
    for ((name, _, long), spent) in told.into_iter().zip(spent) {
        let end = begun + lasting * long;
        let part: Vec<_> = due(&arrived, begun, end).collect();
        report(name, &part, lasting * long);
        report_spent(spent, lasting * long);
        begun = end;
    }
    check(bed, &arrived).await;
    // What is answered while too much comes, whenever it was due.
    let meanwhile = |one: &&Arrived| {
        let at = one.due + one.took;
        is_good(one) && lasting <= at && at < lasting * 2
    };
    let good = count(arrived.iter().filter(meanwhile).count()) / lasting.as_secs_f64();
    let mut before: Vec<_> = due(&arrived, Duration::ZERO, lasting).map(micros).collect();
    before.sort_unstable();
    let slow = SLOW.max(Duration::from_secs_f64(percentile(&before, 99) / 500.0));
    let felt = due(&arrived, lasting * 2, begun);
    let felt = felt.filter(|one| !is_good(one) || one.took > slow);
    let last = felt.map(|one| one.due).max().unwrap_or(lasting * 2);
    (good, last.saturating_sub(lasting * 2))
}

/// What is spent in each of these times, which follow one another from now on.
async fn spent(lasting: impl Iterator<Item = Duration>, meter: Meter) -> Vec<Spent> {
    let mut all = Vec::new();
    let mut from = Instant::now();
    for lasting in lasting {
        let window = Window { from, to: from + lasting };
        all.push(window.pass(meter).await);
        from = window.to;
    }
    all
}

fn due(all: &[Arrived], from: Duration, to: Duration) -> impl Iterator<Item = &Arrived> {
    all.iter().filter(move |one| from <= one.due && one.due < to)
}

fn is_good(one: &Arrived) -> bool {
    (200..300).contains(&one.status)
}

fn micros(one: &Arrived) -> u32 {
    u32::try_from(one.took.as_micros()).unwrap_or(u32::MAX)
}

fn report(name: &str, part: &[&Arrived], lasting: Duration) {
    let statuses: BTreeSet<_> = part.iter().map(|one| one.status).collect();
    for status in statuses {
        let of_it = part.iter().filter(|one| one.status == status);
        let mut latencies: Vec<_> = of_it.copied().map(micros).collect();
        latencies.sort_unstable();
        println!(
            "      {name:<12}{:<8}{:>8.0}/s  p50 {:>8.2} ms  p99 {:>8.2} ms",
            if status == 0 { "broken".to_owned() } else { status.to_string() },
            count(latencies.len()) / lasting.as_secs_f64(),
            percentile(&latencies, 50),
            percentile(&latencies, 99),
        );
    }
}

/// The cores that each of them had.
fn report_spent(spent: Spent, lasting: Duration) {
    let cores = |time: Duration| time.as_secs_f64() / lasting.as_secs_f64();
    println!(
        "      {:12}cores: program {:.2}, Postgres {:.2}, vault {:.2}, load {:.2}, others {:.2}",
        "",
        cores(spent.program),
        cores(spent.postgres),
        cores(spent.vault),
        cores(spent.load),
        cores(spent.others()),
    );
}

/// Each good answer has its row. What was answered otherwise may have one, too: whoever is told
/// that there was no time left is not told what became of it.
async fn check(bed: &Bed, arrived: &[Arrived]) {
    let pair = |one: &Arrived| Pair::of(one.number, bed.settings.customers);
    let rows: BTreeSet<_> = bed.ours.pairs().await.into_iter().collect();
    let good: BTreeSet<_> = arrived.iter().filter(|one| is_good(one)).map(pair).collect();
    let lost = good.difference(&rows).count();
    assert_eq!(lost, 0, "good answers without a row");
    println!("      rows without a good answer: {}", rows.difference(&good).count());
}
