//! The sandbox, asked over HTTP.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that meets what it does not expect has failed"
)]

mod data;
mod faults;
mod harness;
mod limits;
mod lists;
mod schema;
