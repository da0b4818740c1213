#![doc = include_str!("../README.md")]

pub mod auditing;
mod call;
pub mod claiming;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod instant;
pub mod key_cache;
mod merging;
pub mod pending;
mod prepared;
pub mod queue;
pub mod receiving;
pub mod row;
pub mod schema;
pub mod search;
pub mod settling;
mod shared_error;
pub mod undoing;
pub mod wanted;

pub use call::{bounded, corrupt};
pub use instant::{Instant, InstantSql};
pub use merging::{Merge, Merging};
pub use prepared::{Bound, Prepared, Statement, prepared};
pub use shared_error::SharedError;
