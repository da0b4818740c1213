//! Import jobs of the running program, from outside: over the API and from the command line, on
//! both databases, and what becomes of them when the program is killed.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets what it does not expect has failed"
)]

mod api;
mod command;
mod crash;
mod harness;
mod map;
mod memory;
mod reconcile;
mod replicas;
