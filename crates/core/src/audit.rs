//! The audit trail: who changed what, when, and in which request.
//!
//! A store writes each change into the trail in the transaction that makes it, so that there is no
//! change without its entry, and no entry without its change. Changes that are made together are
//! one [batch](AuditBatch). Batches are chained afterwards, account by account, so that nobody who
//! makes a change waits for another: see [`AuditChain`](crate::use_cases::AuditChain).

mod actor;
mod batch;
mod facts;
mod item;
mod link;
mod load;
pub mod told;

pub use actor::{Acting, Actor, Who};
pub use batch::{
    AuditBatch, AuditBatchDigest, AuditBatchId, AuditEntry, NewAuditBatch, items_digest,
};
pub use facts::{
    AccountFacts, ApiKeyFacts, CustomerFacts, Facts, FormerDefaultFacts, JobFacts, MasterKeyFacts,
    PaymentMethodFacts, SealedFacts,
};
pub use item::{AuditAction, AuditItem, Members};
pub use link::{AuditLink, AuditSeal, ChainKey};
pub use load::LoadFacts;
