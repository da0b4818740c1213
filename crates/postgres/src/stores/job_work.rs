mod save;
mod settle;
mod undo;

use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::external_id::ExternalCustomerId;
use cardlift_core::job::{JobState, RowPlace, RunMode, ScanPiece};
use cardlift_core::ports::{JobWork, Lease, LeaseError, PendingRow, Settled, Settlement, Undoing};
use cardlift_sql::Instant;
use cardlift_sql::pending::{AFTER_PLACE, OF_CUSTOMERS, PendingColumns, by_place, place_columns};
use cardlift_sql::row::{ScanPieceRow, job_state, leased};
use cardlift_sql::schema::{import_job, import_scan_piece};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};

use crate::Postgres;
use crate::error::{Abort, from_diesel};

#[async_trait]
impl JobWork for Postgres {
    async fn pending(
        &self,
        lease: &Lease,
        after: Option<RowPlace>,
        most: u32,
    ) -> Result<Vec<PendingRow>, LeaseError> {
        self.call("pending_rows", async {
            let mut connection = self.connection_for(lease.account).await?;
            require(&mut connection, lease).await?;
            let (external_customer, external_card, customer) = place_columns(after.as_ref());
            let rows = diesel::sql_query(AFTER_PLACE)
                .bind::<BigInt, _>(lease.account.get())
                .bind::<BigInt, _>(lease.job.get())
                .bind::<Text, _>(external_customer)
                .bind::<Text, _>(external_card)
                .bind::<BigInt, _>(customer)
                .bind::<BigInt, _>(i64::from(most))
                .load::<PendingColumns>(&mut connection)
                .await;
            Ok(by_place(rows.map_err(from_diesel)?)?)
        })
        .await
    }

    async fn pending_of(
        &self,
        lease: &Lease,
        customers: &[ExternalCustomerId],
    ) -> Result<Vec<PendingRow>, LeaseError> {
        let mut customers: Vec<_> = customers.iter().map(ExternalCustomerId::as_str).collect();
        customers.sort_unstable();
        customers.dedup();
        self.call("pending_rows_of", async {
            let mut connection = self.connection_for(lease.account).await?;
            require(&mut connection, lease).await?;
            let rows = diesel::sql_query(OF_CUSTOMERS)
                .bind::<BigInt, _>(lease.account.get())
                .bind::<BigInt, _>(lease.job.get())
                .bind::<Array<Text>, _>(customers)
                .load::<PendingColumns>(&mut connection)
                .await;
            Ok(by_place(rows.map_err(from_diesel)?)?)
        })
        .await
    }

    async fn pieces(&self, lease: &Lease) -> Result<Vec<ScanPiece>, LeaseError> {
        self.call("scan_pieces", async {
            let mut connection = self.connection_for(lease.account).await?;
            require(&mut connection, lease).await?;
            let rows = import_scan_piece::table
                .filter(import_scan_piece::account_id.eq(lease.account.get()))
                .filter(import_scan_piece::job_id.eq(lease.job.get()))
                .order(import_scan_piece::id)
                .select(ScanPieceRow::as_select())
                .load(&mut connection)
                .await;
            let rows = rows.map_err(from_diesel)?.into_iter();
            Ok(rows.map(TryInto::try_into).collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn settle(
        &self,
        lease: &Lease,
        mode: RunMode,
        settlement: &Settlement,
        at: Timestamp,
    ) -> Result<Settled, LeaseError> {
        self.call("settle_rows", async {
            let mut connection = self.connection_for(lease.account).await?;
            let settled = connection.transaction(async |connection| {
                settle::settle(connection, lease, mode, settlement, at).await
            });
            settled.await.map_err(Abort::into_port)
        })
        .await
    }

    async fn undo(
        &self,
        lease: &Lease,
        after: Option<u64>,
        most: u32,
        at: Timestamp,
    ) -> Result<Undoing, LeaseError> {
        self.call("undo_rows", async {
            let mut connection = self.connection_for(lease.account).await?;
            let undone = connection.transaction(async |connection| {
                undo::undo(connection, lease, after, most, at).await
            });
            undone.await.map_err(Abort::into_port)
        })
        .await
    }
}

/// Whether the lease is still good.
async fn require(connection: &mut AsyncPgConnection, lease: &Lease) -> Result<(), LeaseError> {
    let job = leased(lease).select(import_job::id).first::<i64>(connection).await;
    job.optional().map_err(from_diesel)?.map(|_| ()).ok_or(LeaseError::Lost)
}

/// Counts so many rows and calls more, where the lease is still good, and says where the job
/// stands. It comes last: who writes for the same job waits for no more than the commit.
async fn fence(
    connection: &mut AsyncPgConnection,
    lease: &Lease,
    settled: i64,
    vault_calls: u64,
    at: Timestamp,
) -> Result<JobState, Abort<LeaseError>> {
    let vault_calls = i64::try_from(vault_calls).unwrap_or(i64::MAX);
    let counted = diesel::update(leased(lease))
        .set((
            import_job::settled.eq(import_job::settled + settled),
            import_job::vault_calls.eq(import_job::vault_calls + vault_calls),
            import_job::updated_at.eq(Instant(at)),
        ))
        .returning(import_job::state)
        .get_result::<String>(connection)
        .await;
    let state = counted.optional()?.ok_or(Abort::Port(LeaseError::Lost))?;
    job_state(&state).map_err(|error| Abort::Port(error.into()))
}
