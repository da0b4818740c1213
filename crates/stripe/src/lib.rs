#![doc = include_str!("../README.md")]

mod answer;
mod brand;
mod breaker;
mod budget;
mod builder;
mod call_error;
mod catalog;
mod classify;
mod client;
mod endpoint;
mod governor;
mod plain;
mod policy;
mod request;
mod retry;
mod tls;
mod turns;
mod vault;
mod wire;

pub use builder::{InvalidStripeSettings, StripeVaultBuilder};
pub use client::API_VERSION;
pub use governor::Rates;
pub use vault::{Mode, StripeVault};
