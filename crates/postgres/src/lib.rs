#![doc = include_str!("../README.md")]

mod database;
mod error;
mod merged;
mod migrations;
mod prepared;
mod stores;

pub use cardlift_sql::Merge;
pub use database::{OpenError, Options, Postgres, UrlError};
pub use migrations::MigrateError;
