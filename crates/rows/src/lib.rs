#![doc = include_str!("../README.md")]

mod alike;
mod csv;
mod escaped;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod header;
mod lines;
mod ndjson;
mod reader;
mod row;

pub use header::NotRows;
pub use reader::{Format, RowReader};
pub use row::{Row, RowProblem};
