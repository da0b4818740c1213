#![doc = include_str!("../README.md")]

pub mod account;
pub mod api_key;
pub mod audit;
pub mod bank_account;
pub mod card;
pub mod card_number;
pub mod customer;
pub mod external_id;
mod id;
pub mod idempotency;
pub mod instrument;
pub mod job;
mod mac_key;
pub mod page;
pub mod payment_method;
pub mod ports;
pub mod sealed;
pub mod use_cases;
pub mod vault;
pub mod vault_pages;

/// An instant in UTC. Stores keep it to the microsecond.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
