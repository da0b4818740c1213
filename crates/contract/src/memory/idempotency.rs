use std::collections::hash_map::Entry as Place;

use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::idempotency::{
    ClaimOutcome, IdempotencyClaim, IdempotencyKey, RequestDigest, StoredReply,
};
use cardlift_core::ports::{IdempotencyStore, StoreError};

use super::InMemory;

pub(super) type Slot = (AccountId, IdempotencyKey);

#[derive(Debug)]
pub(super) struct Entry {
    request: RequestDigest,
    progress: Progress,
}

#[derive(Debug)]
enum Progress {
    Held { until: Timestamp },
    Complete(StoredReply),
}

impl Entry {
    fn expires_at(&self) -> Timestamp {
        match &self.progress {
            Progress::Held { until } => *until,
            Progress::Complete(reply) => reply.expires_at,
        }
    }

    fn is_held_by(&self, claim: &IdempotencyClaim) -> bool {
        matches!(self.progress, Progress::Held { until } if until == claim.held_until)
    }
}

fn slot(claim: &IdempotencyClaim) -> Slot {
    (claim.account, claim.key.clone())
}

#[async_trait]
impl IdempotencyStore for InMemory {
    async fn claim(&self, claim: &IdempotencyClaim) -> Result<ClaimOutcome, StoreError> {
        let granted =
            Entry { request: claim.request, progress: Progress::Held { until: claim.held_until } };
        let mut state = self.state();
        Ok(match state.replies.entry(slot(claim)) {
            Place::Vacant(place) => {
                place.insert(granted);
                ClaimOutcome::Granted
            }
            Place::Occupied(mut place) if place.get().expires_at() <= claim.at => {
                place.insert(granted);
                ClaimOutcome::Granted
            }
            Place::Occupied(place) if place.get().request != claim.request => {
                ClaimOutcome::OtherRequest
            }
            Place::Occupied(place) => match &place.get().progress {
                Progress::Held { .. } => ClaimOutcome::InProgress,
                Progress::Complete(reply) => ClaimOutcome::Replay(reply.clone()),
            },
        })
    }

    async fn complete(
        &self,
        claim: &IdempotencyClaim,
        reply: &StoredReply,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        let entry = state.replies.get_mut(&slot(claim));
        if let Some(entry) = entry.filter(|entry| entry.is_held_by(claim)) {
            entry.progress = Progress::Complete(reply.clone());
        }
        Ok(())
    }

    async fn release(&self, claim: &IdempotencyClaim) -> Result<(), StoreError> {
        self.state().replies.retain(|key, entry| *key != slot(claim) || !entry.is_held_by(claim));
        Ok(())
    }

    async fn purge(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut purged = 0;
        self.state().replies.retain(|_, entry| {
            let keep = entry.expires_at() > now;
            purged += u64::from(!keep);
            keep
        });
        Ok(purged)
    }
}
