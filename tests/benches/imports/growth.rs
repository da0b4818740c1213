//! Tables that have grown: `ROWS` is how many payment methods each has before. They take turns, so
//! that all meet the machine as it is in the same minute.

use crate::bed::Bed;
use crate::database::Database;
use crate::figures::{Figures, Spread};
use crate::report::{header, line};
use crate::settings::many;
use crate::table::Figure;

/// What a larger table is asked for, of the same on the smallest in the same round.
const FIGURES: [(&str, Figure); 3] = [
    ("requests/s", |one| one.throughput),
    ("CPU of the program", |one| one.program),
    ("CPU of Postgres", |one| one.postgres),
];

/// One round on one table.
#[derive(Debug, Clone, Copy)]
struct Measured {
    program: Figures,
    pgbench: Figures,
}

pub(crate) async fn run(bed: &Bed) {
    let sizes = many("ROWS", &[1_000, 100_000, 10_000_000]);
    let mut tables = Vec::new();
    for rows in &sizes {
        let mut table = bed.server.database(&format!("of_{rows}"), bed.settings.customers).await;
        table.fill(*rows).await;
        tables.push(table);
    }
    for connections in &bed.settings.connections {
        let mut rounds: Vec<Vec<Measured>> = vec![Vec::new(); tables.len()];
        for round in 0..bed.settings.rounds {
            let mut order: Vec<_> = tables.iter().zip(&mut rounds).collect();
            // Whatever comes first in one round does not in the next.
            if round % 2 == 1 {
                order.reverse();
            }
            for (table, measured) in order {
                measured.push(measure(bed, table, *connections).await);
            }
        }
        tell(*connections, &sizes, &rounds);
    }
}

async fn measure(bed: &Bed, table: &Database, connections: u32) -> Measured {
    let pgbench = bed.measure_pgbench(table, connections).await;
    let program = &cardlift_tests::binary();
    let program = bed.measure_build(program, table, 0, connections).await;
    Measured { program, pgbench }
}

fn tell(connections: u32, sizes: &[u32], rounds: &[Vec<Measured>]) {
    header();
    for (rows, rounds) in sizes.iter().zip(rounds) {
        let programs: Vec<_> = rounds.iter().map(|one| one.program).collect();
        let pgbenches: Vec<_> = rounds.iter().map(|one| one.pgbench).collect();
        line(&format!("{connections:>4}  program, {rows} rows"), &Figures::median(&programs));
        line(&format!("{connections:>4}  pgbench, {rows} rows"), &Figures::median(&pgbenches));
    }
    let Some((smallest, larger)) = rounds.split_first() else { return };
    println!("\nof the same on the first of them in the same round: median (least to most)");
    for (rows, rounds) in sizes.iter().skip(1).zip(larger) {
        let pairs = || rounds.iter().zip(smallest);
        for (name, figure) in FIGURES {
            let ratios = pairs().map(|(one, other)| figure(&one.program) / figure(&other.program));
            println!("{connections:>4}  {rows:>9} rows  {name:<20}{}", Spread::of(ratios));
        }
        let pgbench = pairs().map(|(one, other)| one.pgbench.throughput / other.pgbench.throughput);
        println!("{connections:>4}  {rows:>9} rows  pgbench's requests/s {}", Spread::of(pgbench));
    }
    println!("\nrequests/s of pgbench's on the same table: median (least to most)");
    for (rows, rounds) in sizes.iter().zip(rounds) {
        let ratios = rounds.iter().map(|one| one.program.throughput / one.pgbench.throughput);
        println!("{connections:>4}  {rows:>9} rows  {}", Spread::of(ratios));
    }
}
