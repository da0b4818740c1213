//! Use case: prove that the audit trail is as it was written.

use std::fmt;
use std::sync::Arc;

use crate::account::AccountId;
use crate::audit::{AuditBatchId, AuditSeal, ChainKey};
use crate::ports::{AuditTrail, LinkedBatch, StoreError};

/// How many links are looked at in one go.
const AT_ONCE: u32 = 100;

/// Of how many batches it is looked in one go whether they have links.
const IDS_AT_ONCE: u32 = 5_000;

/// Proves the trail of an account, from its first batch on.
#[derive(Clone)]
pub struct VerifyAudit {
    /// The trail.
    pub trail: Arc<dyn AuditTrail>,
    /// What it is sealed with.
    pub key: ChainKey,
}

/// Where a chain ended at some time. Kept elsewhere, it proves later that nothing was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditHead {
    /// The place of its last link.
    pub position: i64,
    /// The seal of it.
    pub seal: AuditSeal,
}

/// What is wrong with a trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditFlaw {
    /// These links are not there.
    LinksGone {
        /// From this place.
        from: i64,
        /// To this.
        to: i64,
    },
    /// The batch at this place is not there.
    BatchGone(i64, AuditBatchId),
    /// The batch at this place, or its link, is not what was written.
    Changed(i64, AuditBatchId),
    /// This batch is in no chain, and does not wait for one.
    Stray(AuditBatchId),
    /// The chain does not have what it ended with at the time.
    OtherHead(AuditHead),
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifiedTrail {
    /// How many batches are chained.
    pub batches: u64,
    /// How many changes they hold.
    pub changes: u64,
    /// Where the chain ends.
    pub head: Option<AuditHead>,
    /// What is wrong.
    pub flaws: Vec<AuditFlaw>,
}

impl VerifyAudit {
    /// Looks at every batch of an account. What is not chained yet is not looked at; where it is known
    /// what the chain [ended with](AuditHead) at some time, it must still have that.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    pub async fn run(
        &self,
        account: AccountId,
        known: Option<AuditHead>,
    ) -> Result<VerifiedTrail, StoreError> {
        let mut found = VerifiedTrail::default();
        let mut is_known = false;
        loop {
            let after = found.head.map_or(0, |head| head.position);
            let links = self.trail.links(account, after, AT_ONCE).await?;
            if links.is_empty() {
                break;
            }
            for linked in links {
                self.look_at(&linked, &mut found);
                is_known |= found.head == known;
            }
        }
        if let Some(known) = known.filter(|_| !is_known) {
            found.flaws.push(AuditFlaw::OtherHead(known));
        }
        self.look_for_strays(account, &mut found).await?;
        Ok(found)
    }

    async fn look_for_strays(
        &self,
        account: AccountId,
        found: &mut VerifiedTrail,
    ) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let batches = self.trail.standings(account, after, IDS_AT_ONCE).await?;
            let Some(last) = batches.last() else { return Ok(()) };
            after = Some(last.batch);
            let strays = batches.iter().filter(|batch| batch.is_stray);
            found.flaws.extend(strays.map(|stray| AuditFlaw::Stray(stray.batch)));
        }
    }

    fn look_at(&self, linked: &LinkedBatch, found: &mut VerifiedTrail) {
        let link = &linked.link;
        let expected = found.head.map_or(1, |head| head.position.saturating_add(1));
        if link.position > expected {
            let to = link.position.saturating_sub(1);
            found.flaws.push(AuditFlaw::LinksGone { from: expected, to });
        }
        match &linked.batch {
            None => found.flaws.push(AuditFlaw::BatchGone(link.position, link.batch)),
            Some(batch) => {
                let before = found.head.map(|head| head.seal);
                let is_next = link.position == expected;
                let seal = self.key.seal(before.as_ref(), link.position, &batch.digest());
                // After a gap nobody can say what the seal was made of.
                if is_next && seal != link.seal {
                    found.flaws.push(AuditFlaw::Changed(link.position, link.batch));
                }
                found.changes += u64::try_from(batch.changes()).unwrap_or(u64::MAX);
            }
        }
        found.batches += 1;
        // The next one is held against the seal that stands here, so that each flaw is told once.
        found.head = Some(AuditHead { position: link.position, seal: link.seal });
    }
}

impl fmt::Display for AuditHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.position, self.seal)
    }
}

impl std::str::FromStr for AuditHead {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "must be a place and a seal, as `cardlift audit verify` shows them";
        let (position, seal) = text.split_once(':').ok_or(wrong)?;
        let position = position.parse().map_err(|_| wrong)?;
        Ok(Self { position, seal: AuditSeal::parse(seal).ok_or(wrong)? })
    }
}

impl fmt::Display for AuditFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LinksGone { from, to } if from == to => write!(f, "link {from} is gone"),
            Self::LinksGone { from, to } => write!(f, "links {from} to {to} are gone"),
            Self::BatchGone(position, batch) => {
                write!(f, "batch {batch}, which link {position} is of, is gone")
            }
            Self::Changed(position, batch) => {
                write!(f, "batch {batch} or its link {position} is not what was written")
            }
            Self::Stray(batch) => write!(f, "batch {batch} has lost its link"),
            Self::OtherHead(head) => write!(
                f,
                "the chain does not have link {} as it was: it was cut off, or made anew",
                head.position
            ),
        }
    }
}

#[cfg(test)]
mod tests;
