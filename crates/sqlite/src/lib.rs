#![doc = include_str!("../README.md")]

mod database;
mod error;
mod migrations;
mod stores;

pub use cardlift_sql::Merge;
pub use database::{OpenError, Options, Sqlite};
pub use migrations::MigrateError;
