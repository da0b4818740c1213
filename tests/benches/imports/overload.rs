//! Twice the load that the program can bear, or more, in turns with what it can: how much is still
//! done, what is refused, and how soon all is as before.

mod report;
mod turn;

use std::collections::BTreeSet;
use std::time::Duration;

use self::turn::{Found, Turn};
use crate::bed::{Bed, load_program, meter};
use crate::figures::{Figures, Spread};
use crate::load::{Arrivals, Load, Pair};
use crate::servers::Server;
use crate::settings::one;
use crate::usage::peak;
use crate::window::Window;

/// From how many connections the program gets what it can bear.
const BUSY: u32 = 128;

/// Between the telling that something comes and its coming.
const AHEAD: Duration = Duration::from_millis(20);

/// Behind the beginning of too much: until then the first of its answers are under way.
const BEGINNING: Duration = Duration::from_millis(100);

/// What one too many is answered with.
const REFUSED: u16 = 503;

/// What comes.
#[derive(Debug, Clone, Copy)]
struct Plan {
    connections: u32,
    /// Of what the program bears.
    times: f64,
    /// How often, in each round.
    turns: u32,
}

pub(crate) async fn run(bed: &Bed) {
    let (connections, times) = (one("ARRIVING", 1_024), one("TIMES", 2.0));
    let plan = Plan { connections, times, turns: one("TURNS", 5) };
    let mut found = Vec::new();
    for number in 1..=bed.settings.rounds {
        println!("round {number}");
        found.extend(round(bed, plan).await);
    }
    let spread = |of: fn(&Found) -> f64| Spread::of(found.iter().map(of));
    println!("\n{times} times what it bears, {} turns", found.len());
    println!("good answers, of what it bears: {}", spread(|one| one.done));
    println!("the program's CPU for each, of that where it bears all: {}", spread(|one| one.cost));
    println!("seconds until all is as before: {}", spread(|one| one.felt.as_secs_f64()));
}

/// A program that has half of what it bears; then in turns what it bears, too much, half of it; and
/// at last what it bears once more.
async fn round(bed: &Bed, plan: Plan) -> Vec<Found> {
    bed.ours.reset().await;
    let vault = bed.vault(0);
    let program = bed.program(&vault).listening();
    let meter = meter((&program, &vault), Some(bed.server.postmaster));
    let load = Load::new(program.address, bed.import(), BUSY);
    let (mut before, mut good) = bears(bed, &load, (&program, &vault)).await;
    // Not before: the server waits for a connection's first request for some seconds only.
    let arriving = Arrivals::beside(&load, plan.connections).start();
    let lasting = bed.settings.lasting;
    let at_first = Window::after(bed.settings.warm, lasting);
    arriving.come(before.throughput / 2.0, at_first);
    let spent = at_first.pass(meter).await;
    let mut turns = Vec::new();
    for _ in 0..plan.turns {
        let all = Window::after(AHEAD, BEGINNING + lasting);
        let too_much = Window { from: all.from + BEGINNING, ..all };
        let half = Window { from: all.to, to: all.to + lasting };
        arriving.come(before.throughput * plan.times, all);
        arriving.come(before.throughput / 2.0, half);
        let spent = too_much.pass(meter).await;
        arriving.idle().await;
        let (after, answered) = bears(bed, &load, (&program, &vault)).await;
        turns.push(Turn { bears: [before, after], too_much, half, spent });
        good.extend(answered);
        before = after;
    }
    let arrived = arriving.end().await;
    println!("      peak memory {:.1} MiB", peak(program.process()));
    let other = arrived.iter().find(|one| !one.is_good() && one.status != REFUSED);
    assert!(other.is_none(), "it is neither done nor refused: {other:?}");
    // What is refused at the door is not told of, so these were let in.
    assert_ne!(program.lines_with("status=20"), 0, "its log does not tell what it answers");
    assert_eq!(program.lines_with("status=503"), 0, "the vault or the database was out of reach");
    program.stop();
    vault.stop();
    report::of("at first, half", &arrived, at_first, spent);
    let slow = turn::slow(&arrived, at_first);
    let found: Vec<_> = turns.iter().map(|turn| turn.find(&arrived, slow)).collect();
    for (turn, found) in turns.iter().zip(&found) {
        report::turn(turn, found, &arrived);
    }
    good.extend(arrived.iter().filter(|one| one.is_good()).map(|one| one.number));
    check(bed, &good).await;
    found
}

/// What the program bears now, and the numbers of the requests that it answered well.
async fn bears(bed: &Bed, load: &Load, servers: (&Server, &Server)) -> (Figures, Vec<u32>) {
    let postmaster = Some(bed.server.postmaster);
    let (outcome, figures) = load_program(&bed.settings, load.clone(), servers, postmaster).await;
    (figures, outcome.good)
}

/// Each good answer has its row. What was answered otherwise may have one, too: whoever is told
/// that there was no time left is not told what became of it.
async fn check(bed: &Bed, good: &[u32]) {
    let pair = |number: &u32| Pair::of(*number, bed.settings.customers);
    let rows: BTreeSet<_> = bed.ours.pairs().await.into_iter().collect();
    let good: BTreeSet<_> = good.iter().map(pair).collect();
    let lost = good.difference(&rows).count();
    assert_eq!(lost, 0, "good answers without a row");
    println!("      rows without a good answer: {}", rows.difference(&good).count());
}
