//! The API of the running program, from outside, on both databases.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that meets what it does not expect has failed"
)]

mod concurrency;
mod documented;
mod harness;
mod idempotency;
mod stand_in;
