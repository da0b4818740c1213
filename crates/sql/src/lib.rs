#![doc = include_str!("../README.md")]

mod call;
mod instant;
pub mod pending;
pub mod queue;
pub mod receiving;
pub mod row;
pub mod schema;
pub mod search;
pub mod settling;
pub mod undoing;
pub mod wanted;

pub use call::{bounded, corrupt};
pub use instant::{Instant, InstantSql};
