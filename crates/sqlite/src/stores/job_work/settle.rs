use cardlift_core::Timestamp;
use cardlift_core::audit::NewAuditBatch;
use cardlift_core::job::{RunMode, Tally};
use cardlift_core::ports::{Lease, Settlement};
use cardlift_sql::Instant;
use cardlift_sql::row::{PaymentMethodRow, ScanPieceRow, TallyChange, leased, line_column};
use cardlift_sql::schema::{customer, import_job, import_row, import_scan_piece, payment_method};
use cardlift_sql::settling::{Cards, Draft, OpenRow, Saves};
use diesel::prelude::*;

use super::super::audit_trail;
use super::super::import_tally::count;
use super::super::payment_method_store::write_card;
use super::record::Record;

/// The outcomes and the job's state; `None` where the lease is lost. The write lock is held, so
/// nobody takes it meanwhile.
pub(super) fn settle(
    connection: &mut SqliteConnection,
    lease: &Lease,
    mode: RunMode,
    settlement: &Settlement,
    at: Timestamp,
) -> QueryResult<Option<(Tally, String)>> {
    let state = leased(lease).select(import_job::state).get_result(connection).optional()?;
    let Some(state) = state else { return Ok(None) };
    let open = open(connection, lease, settlement)?;
    let draft = Draft::new(lease, settlement, &open, at);
    let mut batch = NewAuditBatch::new(lease.account, at);
    let saves = save(connection, mode, draft.cards(), &mut batch)?;
    audit_trail::write(connection, &batch)?;
    let results = draft.into_results(lease, &saves);
    let settled = results.settled();
    for row in results.rows {
        Record(row).execute(connection)?;
    }
    count(connection, TallyChange::adding(lease.account, lease.job, &results.tally))?;
    for piece in ScanPieceRow::all(lease, &settlement.pieces)? {
        let write = diesel::replace_into(import_scan_piece::table).values(piece);
        write.execute(connection)?;
    }
    let vault_calls = i64::try_from(settlement.vault_calls).unwrap_or(i64::MAX);
    diesel::update(leased(lease))
        .set((
            import_job::settled.eq(import_job::settled + settled),
            import_job::vault_calls.eq(import_job::vault_calls + vault_calls),
            import_job::updated_at.eq(Instant(at)),
        ))
        .execute(connection)?;
    Ok(Some((results.tally, state)))
}

/// Which of the rows have no outcome.
fn open(
    connection: &mut SqliteConnection,
    lease: &Lease,
    settlement: &Settlement,
) -> QueryResult<Vec<OpenRow>> {
    let its_customer = customer::account_id
        .eq(import_row::account_id)
        .and(customer::id.nullable().eq(import_row::customer_id));
    let mut open = Vec::new();
    for finding in &settlement.findings {
        let row = import_row::table
            .left_join(customer::table.on(its_customer))
            .filter(import_row::account_id.eq(lease.account.get()))
            .filter(import_row::job_id.eq(lease.job.get()))
            .filter(import_row::line.eq(line_column(finding.line)))
            .filter(import_row::part.eq(0))
            .filter(import_row::outcome.is_null())
            .select((import_row::line, customer::id.nullable().is_not_null()))
            .get_result::<OpenRow>(connection);
        open.extend(row.optional()?);
    }
    Ok(open)
}

/// Saves these, or finds out what that would do.
fn save(
    connection: &mut SqliteConnection,
    mode: RunMode,
    cards: &Cards,
    batch: &mut NewAuditBatch,
) -> QueryResult<Saves> {
    let mut saves = Saves::default();
    for (key, new) in cards {
        match mode {
            RunMode::Import => {
                let (row, outcome) = write_card(connection, new.clone(), batch)?;
                saves.note(key.clone(), outcome, row.id);
            }
            RunMode::DryRun => {
                let there = payment_method::table
                    .filter(payment_method::account_id.eq(new.account_id))
                    .filter(payment_method::customer_id.eq(new.customer_id))
                    .filter(payment_method::external_card_id.eq(&new.instrument.external_card_id))
                    .select(PaymentMethodRow::as_select())
                    .load(connection)?;
                saves.compare(cards, &there);
            }
        }
    }
    Ok(saves)
}
