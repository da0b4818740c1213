//! This build of the program beside another, `OTHER_BIN`, in windows that take turns: what a change
//! costs, on a machine that is not as fast from one minute to the next.
//!
//! Both must know the same tables.

use std::path::PathBuf;

use crate::bed::Bed;
use crate::figures::{Figures, Spread};
use crate::report::{header, line};
use crate::table::Figure;

/// What is compared. Of the vault both ask the same: what it takes for a request tells how fast the
/// machine was meanwhile.
const FIGURES: [(&str, Figure); 4] = [
    ("requests/s", |one| one.throughput),
    ("CPU of the program", |one| one.program),
    ("CPU of Postgres", |one| one.postgres),
    ("both, of the vault's", |one| (one.program + one.postgres) / one.vault),
];

pub(crate) async fn run(bed: &Bed) {
    let other = std::env::var_os("OTHER_BIN").map(PathBuf::from);
    let other = other.expect("OTHER_BIN names another build of the program");
    let this = cardlift_tests::binary();
    for connections in &bed.settings.connections {
        let mut rounds = Vec::new();
        for round in 0..bed.settings.rounds {
            let measure = |binary| bed.measure_build(binary, &bed.ours, 0, *connections);
            // Whatever comes first in one round does not in the next.
            rounds.push(if round % 2 == 0 {
                let first = measure(&this).await;
                [first, measure(&other).await]
            } else {
                let first = measure(&other).await;
                [measure(&this).await, first]
            });
        }
        header();
        let (these, others): (Vec<_>, Vec<_>) =
            rounds.iter().map(|[this, other]| (*this, *other)).unzip();
        line(&format!("{connections:>4}  this"), &Figures::median(&these));
        line(&format!("{connections:>4}  other"), &Figures::median(&others));
        for (name, figure) in FIGURES {
            let ratios = rounds.iter().map(|[this, other]| figure(this) / figure(other));
            println!("      {name:<22}{}", Spread::of(ratios));
        }
    }
}
