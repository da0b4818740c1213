#![doc = include_str!("../README.md")]

mod database;
mod error;
mod grants;
mod merged;
mod migrations;
mod stores;
#[cfg(test)]
mod testing;

pub use cardlift_sql::Merge;
pub use database::{OpenError, Options, Postgres, UrlError};
pub use grants::{GrantError, Wall};
pub use migrations::MigrateError;
