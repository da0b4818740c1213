//! Port: the time.

use crate::Timestamp;

/// Tells the time. The domain has none of its own, so a test decides what time it is.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> Timestamp;
}
