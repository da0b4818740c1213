use std::collections::BTreeMap;

use cardlift_core::external_id::ExternalCustomerId;
use cardlift_core::job::{PieceId, ScanPiece};
use cardlift_core::ports::{Lease, StoreError};
use diesel::prelude::*;

use crate::corrupt;
use crate::schema::import_scan_piece;

/// A piece of a scan.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = import_scan_piece)]
#[diesel(treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ScanPieceRow {
    account_id: i64,
    job_id: i64,
    id: i32,
    from_second: i64,
    to_second: Option<i64>,
    after_customer: Option<String>,
    done: bool,
}

impl ScanPieceRow {
    /// The pieces as they are written, each once: by number, so that no two who write them wait
    /// for each other.
    ///
    /// # Errors
    /// A piece has a number that does not fit.
    pub fn all(lease: &Lease, pieces: &[ScanPiece]) -> QueryResult<Vec<Self>> {
        let pieces: BTreeMap<_, _> = pieces.iter().map(|piece| (piece.id, piece)).collect();
        let row = |piece: &ScanPiece| {
            let id = i32::try_from(piece.id.0);
            Ok(Self {
                account_id: lease.account.get(),
                job_id: lease.job.get(),
                id: id.map_err(|why| diesel::result::Error::SerializationError(why.into()))?,
                from_second: piece.from,
                to_second: piece.to,
                after_customer: piece.after.as_ref().map(ToString::to_string),
                done: piece.done,
            })
        };
        pieces.into_values().map(row).collect()
    }
}

impl TryFrom<ScanPieceRow> for ScanPiece {
    type Error = StoreError;

    fn try_from(row: ScanPieceRow) -> Result<Self, StoreError> {
        let after = row.after_customer.as_deref().map(ExternalCustomerId::parse).transpose();
        Ok(Self {
            id: PieceId(u32::try_from(row.id).map_err(wrong)?),
            from: row.from_second,
            to: row.to_second,
            after: after.map_err(wrong)?,
            done: row.done,
        })
    }
}

fn wrong(why: impl std::fmt::Display) -> StoreError {
    corrupt("import_scan_piece", why)
}
