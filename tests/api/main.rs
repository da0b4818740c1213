//! The API of the running program, from outside, on both databases.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets what it does not expect has failed"
)]

mod clients;
mod concurrency;
mod customers;
mod described;
mod documented;
mod harness;
mod idempotency;
mod payment_methods;
mod stand_in;
