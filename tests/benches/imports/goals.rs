//! What the program is meant to reach, and whether it does: medians of what was paired in a round.

use crate::figures::Spread;
use crate::table::{Figure, Rounds, Subject, ratio};

/// On which side of a figure the goal is.
#[derive(Debug, Clone, Copy)]
enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

const PROGRAM: Subject = Subject::Program(0);

pub(crate) fn print(rounds: &Rounds, starts: Spread) {
    println!("\ngoals");
    let beside = |connections, other, figure| ratio(rounds, connections, [PROGRAM, other], figure);
    let own = |connections, figure: Figure| {
        let all = rounds.get(&(connections, PROGRAM))?;
        Some(Spread::of(all.iter().map(figure)))
    };
    say(
        "requests/s of pgbench's, 128 connections",
        beside(128, Subject::Pgbench, |one| one.throughput),
        Goal::AtLeast(1.8),
    );
    say("p50 of pgbench's and the vault's, 1 connection", latency(rounds), Goal::AtMost(1.2));
    for connections in [1, 32, 128] {
        let what = format!("CPU seconds for 1,000 requests, {connections}");
        say(&what, own(connections, |one| one.program), Goal::AtMost(0.05));
        let what = format!("CPU of Postgres of pgbench's, {connections}");
        let ratio = beside(connections, Subject::Pgbench, |one| one.postgres);
        say(&what, ratio, Goal::AtMost(0.4));
    }
    let slow = [Subject::Program(20), Subject::Vault(20)];
    say(
        "requests/s of the vault's at 20 ms, 128 connections",
        ratio(rounds, 128, slow, |one| one.throughput),
        Goal::AtLeast(0.92),
    );
    say("MiB at most, 128 connections", own(128, |one| one.peak), Goal::AtMost(25.0));
    say("first good answer, ms", Some(starts), Goal::AtMost(100.0));
}

/// The program's p50 over the sum of what it can't do without.
fn latency(rounds: &Rounds) -> Option<Spread> {
    let of = |subject| rounds.get(&(1, subject));
    let (program, pgbench) = (of(PROGRAM)?, of(Subject::Pgbench)?);
    let parts = pgbench.iter().zip(of(Subject::Vault(0))?);
    let ratios = program.iter().zip(parts);
    Some(Spread::of(ratios.map(|(all, (one, other))| all.p50 / (one.p50 + other.p50))))
}

fn say(what: &str, found: Option<Spread>, goal: Goal) {
    let Some(found) = found else {
        println!("{what:<54}not measured");
        return;
    };
    let (goal, reached) = match goal {
        Goal::AtLeast(goal) => (format!("at least {goal}"), found.median >= goal),
        Goal::AtMost(goal) => (format!("at most {goal}"), found.median <= goal),
    };
    let verdict = if reached { "reached" } else { "missed" };
    println!("{what:<54}{goal:<15}{verdict:<9}{found}");
}
