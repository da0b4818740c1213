//! Times, as answers have them.

use cardlift_core::Timestamp;
use chrono::SecondsFormat;

/// As RFC 3339 has it, in UTC, and as precise as it is stored: what is answered can be searched by.
pub(crate) fn text(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
