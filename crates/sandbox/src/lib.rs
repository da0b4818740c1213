#![doc = include_str!("../README.md")]

mod builder;
mod data;
mod endpoint;
mod faults;
mod journal;
mod objects;
mod server;
mod throttle;

pub use builder::{RunningSandbox, Sandbox, SandboxBuilder, SandboxError};
pub use data::{
    BANK_ACCOUNT, CONNECTED_ACCOUNT, DEFAULTS_CUSTOMER, DELETED_CUSTOMER, DOCUMENTED_CARD,
    DOCUMENTED_CUSTOMER, EVERY_BRAND_CUSTOMER, MANY_CARDS_CUSTOMER, NO_CARD_CUSTOMER, OTHER_SOURCE,
    SHARED_EMAIL, UNVERIFIED_BANK_ACCOUNT,
};
pub use faults::{Fault, FaultKind};
pub use journal::Requests;
