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
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod governor;
mod plain;
mod policy;
mod request;
mod retry;
mod tls;
mod transport;
mod turns;
mod vault;
mod vaults;
mod wire;

pub use builder::{InvalidStripeSettings, StripeKeyFormat, StripeVaultBuilder, mode_of_key};
pub use governor::Rates;
pub use transport::API_VERSION;
pub use vault::StripeVault;
pub use vaults::StripeVaults;
