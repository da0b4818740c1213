//! Reading the vault's lists page by page, while customers and cards come and go.
//!
//! A list goes on after the last that was read. Where that one is gone meanwhile, the vault does
//! not know the place any more; what is to be asked for then is decided here, and nowhere else.
//! Whoever asks does it in its own way: as patiently as it has to, and for as long as it may.

mod customers;
mod holdings;

pub use customers::{CustomerPages, Took};
pub use holdings::HoldingPages;
