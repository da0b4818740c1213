//! Use case: chain what was written.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::account::AccountId;
use crate::audit::{AuditLink, ChainKey};
use crate::ports::{AuditTrail, StoreError};

/// How many batches are chained in one go.
const AT_ONCE: u32 = 100;

/// Chains batches that were committed, account by account.
///
/// Whoever makes a change does not wait for it: two imports at once would, if each had to know the
/// other's link. Any number of servers may chain at once; of those who meet, one does it.
#[derive(Clone)]
pub struct AuditChain {
    /// The trail.
    pub trail: Arc<dyn AuditTrail>,
    /// What it is sealed with.
    pub key: ChainKey,
}

impl AuditChain {
    /// Chains what waits, until nothing does or somebody else is at it; says how many batches it was.
    ///
    /// # Errors
    /// [`StoreError`] of any kind. What was chained until then is.
    pub async fn run(&self) -> Result<u64, StoreError> {
        let mut chained = 0;
        loop {
            match self.step().await? {
                0 => return Ok(chained),
                more => chained += more,
            }
        }
    }

    /// Chains some of what waits, and says how many batches it was: none where nothing waits, or
    /// somebody else is at it.
    ///
    /// # Errors
    /// [`StoreError`] of any kind. Nothing was chained.
    pub async fn step(&self) -> Result<u64, StoreError> {
        let links = self.next().await?;
        if links.is_empty() || !self.trail.chain(&links).await? {
            return Ok(0);
        }
        Ok(u64::try_from(links.len()).unwrap_or(u64::MAX))
    }

    async fn next(&self) -> Result<Vec<AuditLink>, StoreError> {
        let mut last = BTreeMap::<AccountId, Option<AuditLink>>::new();
        let mut links = Vec::new();
        for batch in self.trail.unchained(AT_ONCE).await? {
            let before = match last.remove(&batch.account) {
                Some(before) => before,
                None => self.trail.last_link(batch.account).await?,
            };
            let link = self.key.link(before.as_ref(), &batch);
            last.insert(batch.account, Some(link.clone()));
            links.push(link);
        }
        Ok(links)
    }
}

#[cfg(test)]
mod tests;
