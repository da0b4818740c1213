//! Countries, and states of the two of them whose states have ids.

pub(crate) mod country;
pub(crate) mod state;
