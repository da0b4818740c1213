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

impl AuditChain {
    /// Chains all that waits, and says how many batches it was. It ends where somebody else is at it. An
    /// account whose chain is refused, or fails, keeps no other up, unless a thousand of its batches wait.
    ///
    /// # Errors
    /// [`StoreError`] of any kind. What was chained until then is.
    pub async fn run(&self) -> Result<u64, StoreError> {
        let mut chained = 0;
        loop {
            let waiting = self.trail.unchained(AT_ONCE).await?;
            // What comes meanwhile need not be chained one by one.
            let is_all = waiting.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
            let now = self.chain(waiting).await?;
            chained += now;
            if is_all || now == 0 {
                return Ok(chained);
            }
        }
    }

    async fn chain(&self, waiting: Vec<AuditBatchDigest>) -> Result<u64, StoreError> {
        let mut of_accounts = BTreeMap::<AccountId, Vec<AuditBatchDigest>>::new();
        for batch in waiting {
            of_accounts.entry(batch.account).or_default().push(batch);
        }
        let (mut chained, mut failed) = (0, None);
        for (account, batches) in of_accounts {
            match self.chain_account(account, &batches).await {
                Ok(more) => chained += more,
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(chained), Err)
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
