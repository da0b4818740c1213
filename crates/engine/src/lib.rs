#![doc = include_str!("../README.md")]

mod board;
mod engine;
mod group;
mod matching;
mod patience;
mod patient_vault;
mod rows;
mod run;
mod scan;
mod settings;
mod stop;
mod undo;

pub use engine::{Engine, EngineError, Worked};
pub use patient_vault::PatientVault;
pub use settings::Settings;
pub use stop::{Stop, Stopper, stop_signal};

use cardlift_core::ports::{CardVault, VaultCatalog};

/// A vault that is read card by card, and list by list.
pub trait BulkVault: CardVault + VaultCatalog {}

impl<T: CardVault + VaultCatalog> BulkVault for T {}
