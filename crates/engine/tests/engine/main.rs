//! The engine over the stores in memory, and a vault of the tests' own.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod harness;
mod leases;
mod rows;
mod scan;
mod trouble;
mod vault;
