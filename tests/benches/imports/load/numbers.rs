//! The numbers of requests, none of which is sent twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::servers::VAULT_CUSTOMERS;

/// Numbers from zero on. A clone takes from the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Numbers(Arc<AtomicU32>);

impl Numbers {
    pub(super) fn next(&self) -> u32 {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        assert!(number < VAULT_CUSTOMERS, "the vault has no more cards: measure for less time");
        number
    }
}
