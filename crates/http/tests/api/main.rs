//! The routes as an app serves them, on stores in memory and a vault that does as it is told.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets what it does not expect has failed"
)]

mod admin;
mod audit;
mod authorization;
mod card_numbers;
mod countries;
mod customers;
mod description;
mod documented_errors;
mod errors;
mod harness;
mod idempotency;
mod import_card;
mod import_siblings;
mod isolation;
mod jobs;
mod junk;
mod payment_methods;
mod rate_limit;
mod shedding;
mod ways_in;
mod wrong_keys;
