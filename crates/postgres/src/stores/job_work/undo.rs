use std::collections::HashMap;

use cardlift_core::Timestamp;
use cardlift_core::audit::NewAuditBatch;
use cardlift_core::ports::{Lease, LeaseError, Undoing};
use cardlift_sql::auditing;
use cardlift_sql::row::{PaymentMethodRow, leased, line_column, line_number, lines_after};
use cardlift_sql::schema::{import_job, payment_method};
use cardlift_sql::undoing::{BROUGHT_IN_ONE_BY_ONE, BroughtIn, to_be_deleted, with_default};
use cardlift_sql::{Instant, InstantSql};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

use super::super::audit_trail;
use super::super::many_payment_methods::columns;
use super::fence;
use super::save::lock_customers;
use crate::error::Abort;

/// Keys are looked up one by one, whatever the planner takes the job and the account for.
const ONE_BY_ONE: &str = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off";

const DELETE: &str = concat!(
    "
    UPDATE payment_method AS there
    SET is_default = false, updated_at = $3, deleted_at = $3, deleted_by = NULL,
        deleted_by_job = $4
    FROM (SELECT $1 AS account_id, id FROM unnest($2) AS asked (id) OFFSET 0) AS asked
    WHERE there.account_id = asked.account_id AND there.id = asked.id
    RETURNING ",
    columns!()
);

const MARK: &str = "
    UPDATE import_row AS there SET undone = true
    FROM (
        SELECT $1 AS account_id, $2 AS job_id, asked.* FROM unnest($3, $4) AS asked (line, part)
        OFFSET 0
    ) AS asked
    WHERE there.account_id = asked.account_id AND there.job_id = asked.job_id
        AND there.line = asked.line AND there.part = asked.part";

/// The lines after the one, up to the other.
type Lines = (i64, i64);

pub(super) async fn undo(
    connection: &mut AsyncPgConnection,
    lease: &Lease,
    after: Option<u64>,
    most: u32,
    at: Timestamp,
) -> Result<Undoing, Abort<LeaseError>> {
    let dry_run = leased(lease).select(import_job::dry_run).first::<bool>(connection).await;
    let dry_run = dry_run.optional()?.ok_or(Abort::Port(LeaseError::Lost))?;
    let first = after.map_or(-1, line_column);
    let lines = lines_after(lease.account.get(), lease.job.get(), first).limit(most.into());
    let lines: Vec<i64> = lines.load(connection).await?;
    let last = lines.last().copied();
    let deleted = match last {
        // What a dry run names it did not bring in.
        Some(last) if !dry_run => delete(connection, lease, (first, last), at).await?,
        _ => 0,
    };
    let state = fence(connection, lease, 0, 0, at).await?;
    let last = last.map(line_number).transpose().map_err(|error| Abort::Port(error.into()))?;
    Ok(Undoing { deleted, last, state })
}

/// Deletes what the rows on these lines brought in, marks them, and says how many there were.
async fn delete(
    connection: &mut AsyncPgConnection,
    lease: &Lease,
    lines: Lines,
    at: Timestamp,
) -> QueryResult<u64> {
    let customers = brought_in(connection, lease, lines).await?;
    if customers.is_empty() {
        return Ok(0);
    }
    let customers = customers.iter().map(|row| row.customer_id).collect();
    lock_customers(connection, lease.account.get(), customers).await?;
    // Nobody else deletes what is theirs now, or moves their defaults.
    let brought_in = brought_in(connection, lease, lines).await?;
    let live = live(connection, lease, with_default(&brought_in)).await?;
    let deleted = to_be_deleted(brought_in, live.into_iter().collect());
    connection.batch_execute(ONE_BY_ONE).await?;
    mark(connection, lease, &deleted).await?;
    let ids: Vec<i64> = deleted.iter().map(|row| row.id).collect();
    let rows: Vec<PaymentMethodRow> = diesel::sql_query(DELETE)
        .bind::<BigInt, _>(lease.account.get())
        .bind::<Array<BigInt>, _>(ids)
        .bind::<InstantSql, _>(Instant(at))
        .bind::<BigInt, _>(lease.job.get())
        .load(connection)
        .await?;
    let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let mut rows: HashMap<i64, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let mut told = NewAuditBatch::new(lease.account, at);
    // Brought in by two rows it is deleted once.
    for row in &deleted {
        if let Some(method) = rows.remove(&row.id) {
            told.add(row.id, &auditing::deleted(&row.before(method)));
        }
    }
    audit_trail::write(connection, &told).await?;
    Ok(count)
}

async fn brought_in(
    connection: &mut AsyncPgConnection,
    lease: &Lease,
    (after, last): Lines,
) -> QueryResult<Vec<BroughtIn>> {
    diesel::sql_query(BROUGHT_IN_ONE_BY_ONE)
        .bind::<BigInt, _>(lease.account.get())
        .bind::<BigInt, _>(lease.job.get())
        .bind::<BigInt, _>(after)
        .bind::<BigInt, _>(last)
        .load(connection)
        .await
}

/// How many payment methods each of these customers has.
async fn live(
    connection: &mut AsyncPgConnection,
    lease: &Lease,
    customers: Vec<i64>,
) -> QueryResult<Vec<(i64, i64)>> {
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    payment_method::table
        .filter(payment_method::account_id.eq(lease.account.get()))
        .filter(payment_method::customer_id.eq_any(customers))
        .filter(payment_method::deleted_at.is_null())
        .group_by(payment_method::customer_id)
        .select((payment_method::customer_id, count_star()))
        .load(connection)
        .await
}

async fn mark(
    connection: &mut AsyncPgConnection,
    lease: &Lease,
    rows: &[BroughtIn],
) -> QueryResult<()> {
    let lines: Vec<i64> = rows.iter().map(|row| row.line).collect();
    let parts: Vec<i32> = rows.iter().map(|row| row.part).collect();
    diesel::sql_query(MARK)
        .bind::<BigInt, _>(lease.account.get())
        .bind::<BigInt, _>(lease.job.get())
        .bind::<Array<BigInt>, _>(lines)
        .bind::<Array<Integer>, _>(parts)
        .execute(connection)
        .await
        .map(|_| ())
}
