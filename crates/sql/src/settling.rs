//! What a settlement writes, worked out from what is there.

mod draft;
mod results;
mod saves;

pub use draft::{CardKey, Cards, Draft, OpenRow};
pub use results::Results;
pub use saves::{Save, Saves};
