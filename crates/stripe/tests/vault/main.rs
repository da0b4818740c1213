//! The vault against a server on loopback that answers as Stripe does, or as it should not.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets what it does not expect has failed"
)]

mod accounts;
mod bank_accounts;
mod catalog;
mod catalog_requests;
mod errors;
mod harness;
mod idle;
mod objects;
mod pacing;
mod tries;
mod trouble;
