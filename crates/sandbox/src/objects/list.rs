//! A page of a list.

use serde::Serialize;

/// A page of a list, and whether there is more.
#[derive(Serialize)]
pub(crate) struct List<T> {
    object: &'static str,
    url: String,
    has_more: bool,
    data: Vec<T>,
}

impl<T> List<T> {
    /// A page of the list at this path.
    pub(crate) const fn new(url: String, data: Vec<T>, has_more: bool) -> Self {
        Self { object: "list", url, has_more, data }
    }
}
