#![doc = include_str!("../README.md")]

mod brand;
mod breaker;
mod budget;
mod builder;
mod call_error;
mod classify;
mod client;
mod plain;
mod policy;
mod retry;
mod tls;
mod turns;
mod vault;
mod wire;

pub use builder::{InvalidStripeSettings, StripeVaultBuilder};
pub use client::API_VERSION;
pub use vault::{Mode, StripeVault};
