//! The table as it grows: `ROWS` is how many payment methods there are before.

use crate::bed::Bed;
use crate::figures::{Figures, Spread};
use crate::report::{header, line};
use crate::settings::many;

/// What was measured of one number of connections: for each number of rows, round by round.
type Grown = Vec<(u32, Vec<(Figures, Figures)>)>;

pub(crate) async fn run(mut bed: Bed) {
    let sizes = many("ROWS", &[1_000, 100_000, 10_000_000]);
    let connections = bed.settings.connections.clone();
    let mut grown: Vec<Grown> = vec![Grown::new(); connections.len()];
    header();
    for rows in sizes {
        bed.ours.fill(rows).await;
        for (connections, grown) in connections.iter().zip(&mut grown) {
            let mut rounds = Vec::new();
            for _ in 0..bed.settings.rounds {
                let pgbench = bed.measure_pgbench(&bed.ours, *connections).await;
                let program = bed.measure_program(0, *connections).await;
                rounds.push((program, pgbench));
            }
            let (programs, pgbenches): (Vec<_>, Vec<_>) = rounds.iter().copied().unzip();
            line(&format!("{connections:>4}  program, {rows} rows"), &Figures::median(&programs));
            line(&format!("{connections:>4}  pgbench, {rows} rows"), &Figures::median(&pgbenches));
            grown.push((rows, rounds));
        }
    }
    println!("\nrequests/s: median (least to most) of what pgbench does in the same round, and of");
    println!("what the program does itself on the smallest table");
    for (connections, grown) in connections.iter().zip(&grown) {
        let smallest = grown.first().map(|(_, rounds)| throughput(rounds));
        for (rows, rounds) in grown {
            let ratios = rounds.iter().map(|(one, other)| one.throughput / other.throughput);
            let itself = smallest.map_or(f64::NAN, |smallest| throughput(rounds) / smallest);
            println!("{connections:>4}  {rows:>9} rows  {}  {itself:.3}", Spread::of(ratios));
        }
    }
}

fn throughput(rounds: &[(Figures, Figures)]) -> f64 {
    Spread::of(rounds.iter().map(|(program, _)| program.throughput)).median
}
