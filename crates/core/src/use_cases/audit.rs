//! Use cases: chain the audit trail, read it, and prove it.

mod chain;
mod keys;
mod read;
mod verify;

pub use chain::{AuditChain, Chained};
pub use keys::ChainKeys;
pub use read::{AuditPage, ReadAudit};
pub use verify::{AuditFlaw, AuditHead, VerifiedTrail, VerifyAudit};
