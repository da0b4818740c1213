//! From the start of the process to its first good answer.

use std::io::{Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::bed::Bed;
use crate::figures::Spread;

/// How long between two tries.
const PAUSE: Duration = Duration::from_micros(500);
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts the program again and again, and imports a card at once; gives milliseconds.
pub(crate) async fn measure(bed: &Bed) -> Spread {
    bed.ours.reset().await;
    let vault = bed.vault(0);
    let mut template = bed.import();
    let mut took = Vec::new();
    for number in (0..).take(bed.settings.starts) {
        let program = bed.program(&vault);
        let request = template.numbered(number);
        while !matches!(import(program.address, request), Ok(true)) {
            assert!(program.started.elapsed() < PATIENCE, "{}", program.written());
            std::thread::sleep(PAUSE);
        }
        took.push(program.started.elapsed().as_secs_f64() * 1_000.0);
        program.stop();
    }
    vault.stop();
    Spread::of(took.into_iter())
}

/// Whether it was answered, and well.
fn import(target: SocketAddr, request: &[u8]) -> Result<bool> {
    let mut stream = TcpStream::connect(target)?;
    stream.set_nodelay(true)?;
    stream.write_all(request)?;
    let mut status = [0; 12];
    stream.read_exact(&mut status)?;
    Ok(status.ends_with(b" 200"))
}
