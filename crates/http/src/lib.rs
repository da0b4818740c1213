#![doc = include_str!("../README.md")]

mod admin;
mod api;
mod audit;
mod authorization;
mod body;
mod call;
mod card_numbers;
mod countries;
mod customers;
mod endpoint;
mod error;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod health;
mod idempotency;
mod import;
mod jobs;
mod list;
mod openapi;
mod path;
mod payment_method_object;
mod payment_methods;
mod place;
mod rate_limit;
mod reply;
mod request_id;
mod request_log;
mod shedding;
mod stopping;
mod timestamp;
mod wrong_keys;

pub use admin::Admin;
pub use api::{Api, not_found, routes};
pub use audit::AuditEntryObject;
pub use jobs::{JobObject, ResultsForm};
pub use openapi::openapi;
pub use payment_method_object::PaymentMethodObject;
pub use rate_limit::RateLimiter;
pub use request_log::request_log;
pub use shedding::{ConcurrencyLimit, EarlyRefusal, WholeRequest, shed};
pub use stopping::Stopping;
pub use wrong_keys::WrongKeys;
