use cardlift_core::Timestamp;
use cardlift_core::job::{RunMode, ScanPiece};
use cardlift_core::ports::{Lease, LeaseError, Settled, Settlement};
use cardlift_sql::row::{ScanPieceRow, TallyChange, line_column};
use cardlift_sql::schema::import_scan_piece::dsl;
use cardlift_sql::settling::{Draft, OpenRow};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use diesel::upsert::excluded;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::super::import_rows::{count, insert};
use super::fence;
use super::save::save;
use crate::error::Abort;

/// Row by row, in the order of the lines: whoever settles one of them meanwhile is waited for. As a
/// plain join it would be up to the planner, which knows nothing of a job that has just come in, to
/// read all of its rows instead.
const OPEN: &str = "
    SELECT open.line,
        (SELECT id FROM customer
         WHERE customer.account_id = open.account_id AND customer.id = open.customer_id
        ) IS NOT NULL AS customer_known
    FROM unnest($3) AS asked (line)
    CROSS JOIN LATERAL (
        SELECT account_id, line, customer_id FROM import_row
        WHERE account_id = $1 AND job_id = $2 AND line = asked.line AND part = 0
            AND outcome IS NULL
        FOR NO KEY UPDATE
    ) AS open";

/// A row that is there takes what became of it. Its key is found by the index, whatever the planner
/// takes the job for.
const RECORD: &str = "
    ON CONFLICT (account_id, job_id, line, part) DO UPDATE SET
        outcome = excluded.outcome, detail = excluded.detail,
        payment_method_id = excluded.payment_method_id";

/// Everybody takes what others may want too in this order: rows, customers, payment methods,
/// counts, pieces, and the job.
pub(super) async fn settle(
    connection: &mut AsyncPgConnection,
    lease: &Lease,
    mode: RunMode,
    settlement: &Settlement,
    at: Timestamp,
) -> Result<Settled, Abort<LeaseError>> {
    let open = open(connection, lease, settlement).await?;
    let draft = Draft::new(lease, settlement, &open, at);
    let saves = save(connection, lease, mode, draft.cards(), at).await?;
    let results = draft.into_results(lease, &saves);
    let settled = results.settled();
    if settled > 0 {
        let record = insert(lease.account, lease.job, &results.rows).sql(RECORD);
        record.execute(connection).await?;
        count(connection, TallyChange::adding(lease.account, lease.job, &results.tally)).await?;
    }
    write_pieces(connection, lease, &settlement.pieces).await?;
    let state = fence(connection, lease, settled, settlement.vault_calls, at).await?;
    Ok(Settled { tally: results.tally, state })
}

/// Which of the rows have no outcome, once nobody else can settle them.
async fn open(
    connection: &mut AsyncPgConnection,
    lease: &Lease,
    settlement: &Settlement,
) -> QueryResult<Vec<OpenRow>> {
    if settlement.findings.is_empty() {
        return Ok(Vec::new());
    }
    let lines = settlement.findings.iter().map(|finding| line_column(finding.line));
    let mut lines: Vec<i64> = lines.collect();
    lines.sort_unstable();
    lines.dedup();
    diesel::sql_query(OPEN)
        .bind::<BigInt, _>(lease.account.get())
        .bind::<BigInt, _>(lease.job.get())
        .bind::<Array<BigInt>, _>(lines)
        .load(connection)
        .await
}

async fn write_pieces(
    connection: &mut AsyncPgConnection,
    lease: &Lease,
    pieces: &[ScanPiece],
) -> QueryResult<()> {
    if pieces.is_empty() {
        return Ok(());
    }
    diesel::insert_into(dsl::import_scan_piece)
        .values(ScanPieceRow::all(lease, pieces)?)
        .on_conflict((dsl::account_id, dsl::job_id, dsl::id))
        .do_update()
        .set((
            dsl::from_second.eq(excluded(dsl::from_second)),
            dsl::to_second.eq(excluded(dsl::to_second)),
            dsl::after_customer.eq(excluded(dsl::after_customer)),
            dsl::done.eq(excluded(dsl::done)),
        ))
        .execute(connection)
        .await
        .map(|_| ())
}
