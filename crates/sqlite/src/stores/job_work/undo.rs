use std::collections::BTreeMap;

use cardlift_core::Timestamp;
use cardlift_core::audit::NewAuditBatch;
use cardlift_core::ports::Lease;
use cardlift_sql::row::{
    Deletion, PaymentMethodRow, leased, line_column, lines_after, live, live_of,
};
use cardlift_sql::schema::{import_job, import_row};
use cardlift_sql::undoing::{BROUGHT_IN, BroughtIn, to_be_deleted, with_default};
use cardlift_sql::{Instant, auditing};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::super::audit_trail;

/// The lines after the one, up to the other.
type Lines = (i64, i64);

/// How many payment methods were deleted, the last line that was looked at, and the job's state;
/// `None` where the lease is lost. The write lock is held, so nobody takes it meanwhile.
pub(super) fn undo(
    connection: &mut SqliteConnection,
    lease: &Lease,
    after: Option<u64>,
    most: u32,
    at: Timestamp,
) -> QueryResult<Option<(u64, Option<i64>, String)>> {
    let job = leased(lease).select((import_job::dry_run, import_job::state));
    let Some((dry_run, state)) = job.get_result::<(bool, String)>(connection).optional()? else {
        return Ok(None);
    };
    let first = after.map_or(-1, line_column);
    let lines = lines_after(lease.account.get(), lease.job.get(), first).limit(most.into());
    let last = lines.load::<i64>(connection)?.last().copied();
    let deleted = match last {
        // What a dry run names it did not bring in.
        Some(last) if !dry_run => delete(connection, lease, (first, last), at)?,
        _ => 0,
    };
    let update = diesel::update(leased(lease)).set(import_job::updated_at.eq(Instant(at)));
    update.execute(connection)?;
    Ok(Some((deleted, last, state)))
}

/// Deletes what the rows on these lines brought in, marks them, and says how many there were.
fn delete(
    connection: &mut SqliteConnection,
    lease: &Lease,
    (after, last): Lines,
    at: Timestamp,
) -> QueryResult<u64> {
    let (account, job) = (lease.account.get(), lease.job.get());
    let brought_in: Vec<BroughtIn> = diesel::sql_query(BROUGHT_IN)
        .bind::<BigInt, _>(account)
        .bind::<BigInt, _>(job)
        .bind::<BigInt, _>(after)
        .bind::<BigInt, _>(last)
        .load(connection)?;
    let mut there = BTreeMap::new();
    for customer in with_default(&brought_in) {
        there.insert(customer, live_of(account, customer).count().get_result(connection)?);
    }
    let (mut deleted, mut batch) = (0, NewAuditBatch::new(lease.account, at));
    for row in to_be_deleted(brought_in, there) {
        let deletion = Deletion::by_job(lease.job, at);
        let update = diesel::update(live(account, row.id)).set(deletion);
        let method = update.returning(PaymentMethodRow::as_returning()).get_result(connection);
        // Brought in by two rows it is deleted with the first.
        if let Some(method) = method.optional()? {
            deleted += 1;
            batch.add(row.id, &auditing::deleted(&row.before(method)));
        }
        let marked = import_row::table.find((account, job, row.line, row.part));
        diesel::update(marked).set(import_row::undone.eq(true)).execute(connection)?;
    }
    audit_trail::write(connection, &batch)?;
    Ok(deleted)
}
