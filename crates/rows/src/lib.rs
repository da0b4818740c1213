#![doc = include_str!("../README.md")]

mod csv;
mod escaped;
mod header;
mod lines;
mod ndjson;
mod reader;
mod row;

pub use header::NotRows;
pub use reader::{Format, RowReader};
pub use row::{Row, RowProblem};
