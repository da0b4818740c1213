//! The numbers of requests, none of which is sent twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Numbers from zero on. A clone takes from the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Numbers(Arc<AtomicU32>);

impl Numbers {
    pub(super) fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}
