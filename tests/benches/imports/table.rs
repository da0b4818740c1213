//! The table: program, pgbench and vault, round by round.

use std::collections::BTreeMap;

use crate::bed::Bed;
use crate::figures::{Figures, Spread};
use crate::goals;
use crate::report::{header, line};
use crate::starting;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Pgbench,
    /// Before a vault with this latency.
    Program(u32),
    Vault(u32),
}

/// One of the figures.
pub(crate) type Figure = fn(&Figures) -> f64;

/// The rounds of each subject, by its number of connections.
pub(crate) type Rounds = BTreeMap<(u32, Subject), Vec<Figures>>;

pub(crate) async fn run(bed: &Bed) {
    let settings = &bed.settings;
    let mut subjects = vec![Subject::Pgbench];
    for latency in &settings.latencies {
        subjects.extend([Subject::Program(*latency), Subject::Vault(*latency)]);
    }
    let mut rounds = Rounds::new();
    for round in 1..=settings.rounds {
        println!("round {round} of {}", settings.rounds);
        for connections in &settings.connections {
            for subject in &subjects {
                let figures = measure(bed, *subject, *connections).await;
                line(&name(*connections, *subject), &figures);
                rounds.entry((*connections, *subject)).or_default().push(figures);
            }
        }
        // Whatever comes first or last in one round does not in the next.
        subjects.reverse();
    }
    let starts = starting::measure(bed).await;
    println!("\nmedians of {} rounds, each of {:?}", settings.rounds, settings.lasting);
    header();
    for ((connections, subject), all) in &rounds {
        line(&name(*connections, *subject), &Figures::median(all));
    }
    println!("\nthe program beside others in the same round: median (least to most)");
    for (connections, subject) in rounds.keys() {
        match subject {
            Subject::Program(0) => beside(&rounds, *connections, *subject, Subject::Pgbench),
            Subject::Program(latency) => {
                beside(&rounds, *connections, *subject, Subject::Vault(*latency));
            }
            Subject::Pgbench | Subject::Vault(_) => {}
        }
    }
    println!("\nfirst good answer after the start of the process: {starts} ms");
    goals::print(&rounds, starts);
}

async fn measure(bed: &Bed, subject: Subject, connections: u32) -> Figures {
    match subject {
        Subject::Pgbench => bed.measure_pgbench(&bed.theirs, connections).await,
        Subject::Program(latency) => bed.measure_program(latency, connections).await,
        Subject::Vault(latency) => bed.measure_vault(latency, connections).await,
    }
}

/// A figure of one subject over the same of another, in the same round.
pub(crate) fn ratio(
    rounds: &Rounds,
    connections: u32,
    [one, other]: [Subject; 2],
    figure: Figure,
) -> Option<Spread> {
    let one = rounds.get(&(connections, one))?;
    let other = rounds.get(&(connections, other))?;
    Some(Spread::of(one.iter().zip(other).map(|(one, other)| figure(one) / figure(other))))
}

fn beside(rounds: &Rounds, connections: u32, subject: Subject, other: Subject) {
    let figures: [(&str, Figure); 4] = [
        ("requests/s", |one| one.throughput),
        ("p50", |one| one.p50),
        ("p99", |one| one.p99),
        ("CPU of Postgres", |one| one.postgres),
    ];
    println!("{connections:>4}  {subject}, of {other}");
    for (what, figure) in figures {
        let Some(spread) = ratio(rounds, connections, [subject, other], figure) else { return };
        // The vault has no Postgres.
        if spread.median.is_finite() {
            println!("      {what:<18}{spread}");
        }
    }
}

fn name(connections: u32, subject: Subject) -> String {
    format!("{connections:>4}  {subject}")
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pgbench => write!(f, "pgbench"),
            Self::Program(latency) => write!(f, "program, vault at {latency} ms"),
            Self::Vault(latency) => write!(f, "vault alone at {latency} ms"),
        }
    }
}
