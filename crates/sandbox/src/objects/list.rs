//! A page of a list.

use serde_json::{Value, json};

/// A page of this list, and whether there is more.
pub(crate) fn list(url: &str, data: &[Value], has_more: bool) -> Value {
    json!({"object": "list", "url": url, "has_more": has_more, "data": data})
}
