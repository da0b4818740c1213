#![doc = include_str!("../README.md")]

mod call;
mod instant;
pub mod row;
pub mod schema;
pub mod search;

pub use call::{bounded, corrupt};
pub use instant::{Instant, InstantSql};
