use std::time::SystemTime;

use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::audit::{AuditBatch, AuditBatchDigest, AuditBatchId, AuditLink, NewAuditBatch};
use cardlift_core::ports::{AuditTrail, BatchStanding, LinkedBatch, StoreError};

use super::jobs::count;
use super::{InMemory, State, next_id};

/// The trail: every batch, and the links of those that are chained.
#[derive(Debug, Default)]
pub(super) struct Trail {
    batches: Vec<AuditBatch>,
    links: Vec<AuditLink>,
}

impl InMemory {
    /// Writes over what a batch says, as whoever writes to a database past the program can.
    pub fn tamper(&self, batch: AuditBatchId, items: &str) {
        let mut state = self.state();
        for there in state.trail.batches.iter_mut().filter(|there| there.id == batch) {
            items.clone_into(&mut there.items);
        }
    }
}

impl State {
    /// Writes a batch into the trail. An empty one is none.
    pub(super) fn tell(&mut self, batch: &NewAuditBatch) {
        if batch.is_empty() {
            return;
        }
        let batches = &mut self.trail.batches;
        batches.push(AuditBatch {
            id: next_id(batches.len()),
            account: batch.account,
            at: batch.at,
            subjects: batch.subjects().to_owned(),
            items: batch.items().to_owned(),
        });
    }

    /// Writes these as one batch of each account.
    pub(super) fn tell_joined(&mut self, batches: impl IntoIterator<Item = NewAuditBatch>) {
        for batch in NewAuditBatch::joined(batches) {
            self.tell(&batch);
        }
    }
}

/// The time, for a change that is told without one: databases have a clock of their own as well.
pub(super) fn now() -> Timestamp {
    SystemTime::now().into()
}

impl Trail {
    fn is_chained(&self, batch: &AuditBatch) -> bool {
        self.links.iter().any(|link| link.batch == batch.id)
    }
}

#[async_trait]
impl AuditTrail for InMemory {
    async fn unchained(
        &self,
        most: u32,
        except: &[AccountId],
    ) -> Result<Vec<AuditBatchDigest>, StoreError> {
        let state = self.state();
        let trail = &state.trail;
        let asked = trail.batches.iter().filter(|batch| !except.contains(&batch.account));
        let waiting = asked.filter(|batch| !trail.is_chained(batch));
        Ok(waiting.take(count(most)).map(AuditBatch::digest).collect())
    }

    async fn is_chained(&self) -> Result<bool, StoreError> {
        Ok(!self.state().trail.links.is_empty())
    }

    async fn last_link(&self, account: AccountId) -> Result<Option<AuditLink>, StoreError> {
        let state = self.state();
        let links = state.trail.links.iter().filter(|link| link.account == account);
        Ok(links.max_by_key(|link| link.position).cloned())
    }

    async fn chain(&self, links: &[AuditLink]) -> Result<bool, StoreError> {
        let mut state = self.state();
        let trail = &mut state.trail;
        let taken = |link: &AuditLink| {
            trail.links.iter().any(|there| {
                there.account == link.account
                    && (there.position == link.position || there.batch == link.batch)
            })
        };
        if links.iter().any(taken) {
            return Ok(false);
        }
        trail.links.extend_from_slice(links);
        Ok(true)
    }

    async fn links(
        &self,
        account: AccountId,
        after: i64,
        most: u32,
    ) -> Result<Vec<LinkedBatch>, StoreError> {
        let state = self.state();
        let trail = &state.trail;
        let links = trail.links.iter();
        let mut links: Vec<_> =
            links.filter(|link| link.account == account && link.position > after).collect();
        links.sort_by_key(|link| link.position);
        let batch =
            |link: &AuditLink| trail.batches.iter().find(|batch| batch.id == link.batch).cloned();
        let links = links.into_iter().take(count(most));
        Ok(links.map(|link| LinkedBatch { link: link.clone(), batch: batch(link) }).collect())
    }

    async fn standings(
        &self,
        account: AccountId,
        after: Option<AuditBatchId>,
        most: u32,
    ) -> Result<Vec<BatchStanding>, StoreError> {
        let batches = self.batches(account, after, most).await?.into_iter();
        // What has no link waits for one: there is nobody who could take it away.
        Ok(batches.map(|batch| BatchStanding { batch: batch.id, is_stray: false }).collect())
    }

    async fn batches(
        &self,
        account: AccountId,
        after: Option<AuditBatchId>,
        most: u32,
    ) -> Result<Vec<AuditBatch>, StoreError> {
        let state = self.state();
        let batches = state.trail.batches.iter().filter(|batch| batch.account == account);
        let later = batches.filter(|batch| after.is_none_or(|after| batch.id > after));
        Ok(later.take(count(most)).cloned().collect())
    }
}
