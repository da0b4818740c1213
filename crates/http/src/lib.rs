#![doc = include_str!("../README.md")]

mod api;
mod authorization;
mod body;
mod card_object;
mod error;
mod health;
mod idempotency;
mod import_card;
mod path;
mod reply;
mod request_id;
mod request_log;

pub use api::{Api, not_found, routes};
pub use card_object::CardObject;
pub use request_log::request_log;
