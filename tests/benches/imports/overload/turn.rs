//! Too much for a while, and what it is measured by.

use std::time::Duration;

use super::report::latencies;
use crate::figures::{Figures, count, percentile};
use crate::load::Arrived;
use crate::usage::Spent;
use crate::window::Window;

/// An answer that takes longer is none that is as before; or than twice the p99 at first.
const SLOW: Duration = Duration::from_millis(100);

/// All is as before from when on nothing is felt for so long.
pub(super) const CALM: Duration = Duration::from_millis(500);

/// A time of too much, and one of half of what the program bears right behind it.
#[derive(Debug)]
pub(super) struct Turn {
    /// What it bears before and after.
    pub(super) bears: [Figures; 2],
    pub(super) too_much: Window,
    pub(super) half: Window,
    /// While too much came.
    pub(super) spent: Spent,
}

/// What was found in a turn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// Good answers a second while too much came, of those that the program gives when it has what
    /// it bears.
    pub(super) done: f64,
    /// Its CPU time for each of them, with what it took to refuse, of that for each of those.
    pub(super) cost: f64,
    /// How long it was felt afterwards: requests were refused or answered late.
    pub(super) felt: Duration,
    /// How many were once it was calm: the machine and its disk stall without too much, too.
    pub(super) later: usize,
}

impl Turn {
    /// A figure of what the program bears: the machine may have become faster or slower meanwhile.
    pub(super) fn bears(&self, of: fn(&Figures) -> f64) -> f64 {
        let [before, after] = &self.bears;
        f64::midpoint(of(before), of(after))
    }

    /// Of all that arrived in its round.
    pub(super) fn find(&self, arrived: &[Arrived], slow: Duration) -> Found {
        let throughput = self.bears(|one| one.throughput);
        let program = self.bears(|one| one.program);
        // Whenever they were due.
        let good = arrived.iter().filter(|one| one.is_good() && self.too_much.holds(one.answered));
        let good = count(good.count());
        let felt = arrived.iter().filter(|one| self.half.holds(one.due));
        let felt = felt.filter(|one| !one.is_good() || one.took() > slow);
        let (felt, later) = until_calm(felt.map(|one| one.due - self.half.from).collect());
        Found {
            done: good / self.too_much.seconds() / throughput,
            cost: self.spent.program.as_secs_f64() * 1_000.0 / good / program,
            felt,
            later,
        }
    }
}

/// The last of these times before it is calm, and how many come after that.
fn until_calm(mut felt: Vec<Duration>) -> (Duration, usize) {
    felt.sort_unstable();
    let (mut last, mut before) = (Duration::ZERO, 0);
    for at in &felt {
        if *at > last + CALM {
            break;
        }
        (last, before) = (*at, before + 1);
    }
    (last, felt.len() - before)
}

/// What is slow, by the good answers to what was due in this window.
pub(super) fn slow(arrived: &[Arrived], window: Window) -> Duration {
    let at_first = arrived.iter().filter(|one| one.is_good() && window.holds(one.due));
    let at_first = latencies(at_first);
    SLOW.max(Duration::from_secs_f64(percentile(&at_first, 99) / 500.0))
}
