//! The whole program under load, beside pgbench in the same round and the same cluster.
//!
//! `scripts/bench` and `scripts/instructions` build the program, and run this; docs/PERFORMANCE.md
//! says what it measures.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark that meets what it does not expect has failed"
)]

mod bed;
mod beside;
mod database;
mod figures;
mod goals;
mod growth;
mod idle;
mod instructions;
mod load;
mod overload;
mod pgbench;
mod report;
mod servers;
mod settings;
mod sqlite;
mod starting;
mod table;
mod usage;
mod window;

use std::process::ExitCode;

use crate::bed::Bed;
use crate::settings::Settings;

fn main() -> ExitCode {
    assert!(std::env::var_os("CARDLIFT_BIN").is_some(), "run scripts/bench");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // Cargo passes --bench.
    let scenario = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let accept = std::env::args().any(|argument| argument == "--accept");
    runtime.block_on(async {
        let settings = Settings::read();
        match scenario.as_deref() {
            None | Some("imports") => table::run(&Bed::make(settings).await).await,
            Some("instructions") if accept => return instructions::accept().await,
            Some("instructions") => return instructions::compare().await,
            Some("beside") => beside::run(&Bed::make(settings).await).await,
            Some("growth") => growth::run(&Bed::make(settings).await).await,
            Some("idle") => idle::run(&Bed::make(settings).await).await,
            Some("overload") => overload::run(&Bed::make(settings).await).await,
            Some("sqlite") => sqlite::run(&settings).await,
            Some(other) => panic!("there is no scenario {other}"),
        }
        ExitCode::SUCCESS
    })
}
