//! Use case: chain what was written.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::account::AccountId;
use crate::audit::{AuditBatchDigest, AuditLink, ChainKey};
use crate::ports::{AuditTrail, StoreError};

/// How many batches are chained in one go.
const AT_ONCE: u32 = 1_000;

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

/// What came of chaining.
#[derive(Debug, Default)]
pub struct Chained {
    /// How many batches have their link now.
    pub batches: u64,
    /// The accounts whose batches go on waiting, and why.
    pub failed: BTreeMap<AccountId, StoreError>,
}

impl AuditChain {
    /// Chains all that waits. It ends where somebody else is at it. An account whose chain fails, or is
    /// refused, keeps no other up.
    ///
    /// # Errors
    /// [`StoreError`] of any kind, where it can't be found what waits. What was chained until then is.
    pub async fn run(&self) -> Result<Chained, StoreError> {
        let mut done = Chained::default();
        loop {
            let failed: Vec<_> = done.failed.keys().copied().collect();
            let waiting = self.trail.unchained(AT_ONCE, &failed).await?;
            // What comes meanwhile need not be chained one by one.
            let is_all = waiting.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
            let before = done.batches;
            self.chain(waiting, &mut done).await;
            let is_stuck = done.batches == before && done.failed.len() == failed.len();
            if is_all || is_stuck {
                return Ok(done);
            }
        }
    }

    async fn chain(&self, waiting: Vec<AuditBatchDigest>, done: &mut Chained) {
        let mut of_accounts = BTreeMap::<AccountId, Vec<AuditBatchDigest>>::new();
        for batch in waiting {
            of_accounts.entry(batch.account).or_default().push(batch);
        }
        for (account, batches) in of_accounts {
            match self.chain_account(account, &batches).await {
                Ok(more) => done.batches += more,
                Err(error) => _ = done.failed.insert(account, error),
            }
        }
    }

    async fn chain_account(
        &self,
        account: AccountId,
        batches: &[AuditBatchDigest],
    ) -> Result<u64, StoreError> {
        let links = self.links(account, batches).await?;
        let chained = self.trail.chain(&links).await?;
        Ok(if chained { u64::try_from(links.len()).unwrap_or(u64::MAX) } else { 0 })
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
