#![doc = include_str!("../README.md")]

mod cluster;
mod database;
mod error;
mod programs;

pub use cluster::{Cluster, ClusterOptions, ServerTls};
pub use database::{TestDatabase, database, role};
pub use error::ThrowawayError;
