//! Use case: read the audit trail of an account, as it was chained.

use std::sync::Arc;

use crate::account::AccountId;
use crate::audit::AuditBatch;
use crate::ports::{AuditTrail, StoreError};

/// How many changes a page has room for. What was changed together is not torn: a batch that has more
/// is a page by itself.
const MOST_CHANGES: usize = 1_000;

/// How many batches are read in one go: each may hold a thousand changes.
const AT_ONCE: u32 = 8;

/// Reads the trail of an account.
///
/// It goes by the chain and not by the ids of batches: those rise, but a batch may be committed after
/// one with a greater id. Whoever follows the chain misses none; what was done is there once it is
/// chained.
#[derive(Clone)]
pub struct ReadAudit {
    /// The trail.
    pub trail: Arc<dyn AuditTrail>,
}

/// Some of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// Whole batches, in the order of the chain.
    pub batches: Vec<AuditBatch>,
    /// The place in the chain where it ends: the next page is after this. Where nothing came, it is
    /// where the page was to begin.
    pub end: i64,
}

impl ReadAudit {
    /// What comes after this place, 0 for the beginning: so many batches at most, and fewer where they
    /// hold more than 1,000 changes; but one, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    pub async fn run(
        &self,
        account: AccountId,
        after: i64,
        most: u32,
    ) -> Result<AuditPage, StoreError> {
        let mut page = AuditPage { batches: Vec::new(), end: after };
        let (mut left, mut room) = (most, MOST_CHANGES);
        while left > 0 {
            let links = self.trail.links(account, page.end, left.min(AT_ONCE)).await?;
            if links.is_empty() {
                break;
            }
            for linked in links {
                // One that somebody has taken away leaves no hole here: who verifies is told of it.
                if let Some(batch) = linked.batch {
                    let changes = batch.changes();
                    if changes > room && !page.batches.is_empty() {
                        return Ok(page);
                    }
                    room = room.saturating_sub(changes);
                    page.batches.push(batch);
                }
                page.end = linked.link.position;
                left -= 1;
            }
        }
        Ok(page)
    }
}

#[cfg(test)]
mod tests;
