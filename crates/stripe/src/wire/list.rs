//! A page of a list.

use serde::Deserialize;

/// A page of a list, and whether there is more after it.
#[derive(Debug, Deserialize)]
pub(crate) struct List<T> {
    pub(crate) data: Vec<T>,
    pub(crate) has_more: bool,
}
