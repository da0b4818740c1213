//! The pieces that a scan of the vault is split into.

use crate::external_id::ExternalCustomerId;

/// The number of a piece within its job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PieceId(pub u32);

/// The customers of the vault that were made between two instants, and how far they were read:
/// from the newest to the oldest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanPiece {
    /// Its number.
    pub id: PieceId,
    /// The first second, since the epoch.
    pub from: i64,
    /// The last second; `None` where it is open.
    pub to: Option<i64>,
    /// Up to here it was read, and what was read is settled.
    pub after: Option<ExternalCustomerId>,
    /// Whether it was read to its end.
    pub done: bool,
}
