#![doc = include_str!("../README.md")]

mod envelope;
mod keyring;
mod master_key;

pub use keyring::Keyring;
pub use master_key::{InvalidMasterKey, MasterKey};
