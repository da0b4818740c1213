//! Connections that do nothing beside those that are busy: `IDLE` is how many there are.

use std::io::ErrorKind;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::bed::{Bed, load_program};
use crate::figures::{Figures, Spread};
use crate::load::{Load, connect};
use crate::report::{header, line};
use crate::settings::many;

/// How many connections are busy.
const BUSY: u32 = 128;

/// An idle connection has been used before.
const ONCE: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

pub(crate) async fn run(bed: &Bed) {
    let counts = many("IDLE", &[1, 100, 1_000, 10_000]);
    header();
    let mut unit = None;
    for idle in counts {
        let (mut rounds, mut open) = (Vec::new(), Vec::new());
        for _ in 0..bed.settings.rounds {
            let (figures, left) = measure(bed, idle).await;
            rounds.push(figures);
            open.push(f64::from(left));
        }
        let median = Figures::median(&rounds);
        line(&format!("{BUSY:>4}  program, {idle} idle"), &median);
        let unit = *unit.get_or_insert(median.throughput);
        let ratios = Spread::of(rounds.iter().map(|one| one.throughput / unit));
        println!("      of the first: {ratios}; open at the end: {}", Spread::of(open.into_iter()));
    }
}

/// Gives how many of the idle connections the program left open.
async fn measure(bed: &Bed, idle: u32) -> (Figures, u32) {
    bed.ours.reset().await;
    let vault = bed.vault(0);
    let program = bed.program(&vault).listening();
    let mut idlers = Vec::new();
    for _ in 0..idle {
        let mut stream = connect(program.address).await;
        stream.write_all(ONCE).await.expect("a server that reads");
        idlers.push(stream);
    }
    let load = Load::new(program.address, bed.import(), BUSY);
    let postmaster = Some(bed.server.postmaster);
    let (outcome, figures) =
        load_program(&bed.settings, load, (&program, &vault), postmaster).await;
    let open = idlers.iter().filter(|stream| is_open(stream)).count();
    drop(idlers);
    program.stop();
    vault.stop();
    bed.check(&outcome).await;
    (figures, u32::try_from(open).expect("a count"))
}

/// Whether there is no end behind the one answer.
fn is_open(stream: &TcpStream) -> bool {
    let mut answer = [0; 4096];
    loop {
        match stream.try_read(&mut answer) {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) => return error.kind() == ErrorKind::WouldBlock,
        }
    }
}
