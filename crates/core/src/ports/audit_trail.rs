//! Port: the audit trail.

use async_trait::async_trait;

use super::StoreError;
use crate::account::AccountId;
use crate::audit::{AuditBatch, AuditBatchDigest, AuditBatchId, AuditLink};

/// A link, and its batch, where that is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedBatch {
    /// The link.
    pub link: AuditLink,
    /// Its batch.
    pub batch: Option<AuditBatch>,
}

/// How a batch stands to its chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchStanding {
    /// The batch.
    pub batch: AuditBatchId,
    /// Whether it has no link and does not wait for one: somebody has taken that away.
    pub is_stray: bool,
}

/// The audit trail. It is written by the other ports of a store, each with the changes that it makes;
/// what is in it is never changed, and never deleted.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait AuditTrail: Send + Sync {
    /// Batches that wait to be chained, of all accounts except these, by their ids; as many as asked
    /// for. What is in them is not read for it.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn unchained(
        &self,
        most: u32,
        except: &[AccountId],
    ) -> Result<Vec<AuditBatchDigest>, StoreError>;

    /// Whether there is any link, of whichever account.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn is_chained(&self) -> Result<bool, StoreError>;

    /// The last link of an account's chain.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn last_link(&self, account: AccountId) -> Result<Option<AuditLink>, StoreError>;

    /// Adds these links, each after the ones that are there, and lets their batches wait no more.
    /// `false` where somebody was faster with one of them: then nothing was written.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn chain(&self, links: &[AuditLink]) -> Result<bool, StoreError>;

    /// Links of an account by their place, from the one after this on, as many as asked for.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn links(
        &self,
        account: AccountId,
        after: i64,
        most: u32,
    ) -> Result<Vec<LinkedBatch>, StoreError>;

    /// How the batches of an account stand to its chain: by their ids, from the one after this on, as
    /// many as asked for.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn standings(
        &self,
        account: AccountId,
        after: Option<AuditBatchId>,
        most: u32,
    ) -> Result<Vec<BatchStanding>, StoreError>;

    /// Batches of an account by their ids, chained or not, from the one after this on, as many as asked
    /// for.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    async fn batches(
        &self,
        account: AccountId,
        after: Option<AuditBatchId>,
        most: u32,
    ) -> Result<Vec<AuditBatch>, StoreError>;
}
