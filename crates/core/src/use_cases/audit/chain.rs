//! Use case: chain what was written.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::account::AccountId;
use crate::audit::{AuditBatchDigest, AuditLink, ChainKey};
use crate::ports::{AuditTrail, StoreError, StoreErrorKind};

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
    /// How many batches of which account have their link now.
    pub batches: BTreeMap<AccountId, u64>,
    /// The accounts whose chain can't be understood, and why: their batches go on waiting.
    pub failed: BTreeMap<AccountId, StoreError>,
}

impl Chained {
    /// How many batches have their link now.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.batches.values().sum()
    }
}

impl AuditChain {
    /// Chains all that waits. An account keeps no other up: neither where its chain can't be understood,
    /// nor where its links are refused, as they are while somebody else is at it.
    ///
    /// # Errors
    /// [`StoreError`] of any kind; of a chain that can't be understood it is among what
    /// [failed](Chained::failed). What was chained until then is.
    pub async fn run(&self) -> Result<Chained, StoreError> {
        let (mut done, mut passed) = (Chained::default(), Vec::new());
        loop {
            let waiting = self.trail.unchained(AT_ONCE, &passed).await?;
            // What comes meanwhile need not be chained one by one.
            let is_all = waiting.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
            for (account, batches) in by_account(waiting) {
                match self.chain_account(account, &batches).await {
                    Ok(0) => passed.push(account),
                    Ok(more) => *done.batches.entry(account).or_default() += more,
                    Err(error) if error.kind() == StoreErrorKind::Corrupt => {
                        passed.push(account);
                        done.failed.insert(account, error);
                    }
                    Err(error) => return Err(error),
                }
            }
            if is_all {
                return Ok(done);
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

/// In the order in which they came.
fn by_account(batches: Vec<AuditBatchDigest>) -> BTreeMap<AccountId, Vec<AuditBatchDigest>> {
    let mut of_accounts = BTreeMap::<_, Vec<_>>::new();
    for batch in batches {
        of_accounts.entry(batch.account).or_default().push(batch);
    }
    of_accounts
}

#[cfg(test)]
mod tests;
