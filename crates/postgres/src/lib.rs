#![doc = include_str!("../README.md")]

mod database;
mod error;
mod migrations;
mod stores;

pub use database::{OpenError, Options, Postgres, UrlError};
pub use migrations::MigrateError;
