//! Use case: chain what was written.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::account::AccountId;
use crate::audit::{AuditBatchDigest, AuditLink, ChainKey};
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

    /// Chains some of what waits, account by account, and says how many batches it was: none where
    /// nothing waits, or somebody else is at it. An account whose chain is refused keeps no other up.
    ///
    /// # Errors
    /// [`StoreError`] of any kind. What was chained until then is.
    pub async fn step(&self) -> Result<u64, StoreError> {
        let mut of_accounts = BTreeMap::<AccountId, Vec<AuditBatchDigest>>::new();
        for batch in self.trail.unchained(AT_ONCE).await? {
            of_accounts.entry(batch.account).or_default().push(batch);
        }
        let mut chained = 0;
        for (account, batches) in of_accounts {
            let links = self.links(account, &batches).await?;
            if self.trail.chain(&links).await? {
                chained += u64::try_from(links.len()).unwrap_or(u64::MAX);
            }
        }
        Ok(chained)
    }

    async fn links(
        &self,
        account: AccountId,
        batches: &[AuditBatchDigest],
    ) -> Result<Vec<AuditLink>, StoreError> {
        let mut before = self.trail.last_link(account).await?;
        let links = batches.iter().map(|batch| {
            let link = self.key.link(before.as_ref(), batch);
            before = Some(link.clone());
            link
        });
        Ok(links.collect())
    }
}

#[cfg(test)]
mod tests;
