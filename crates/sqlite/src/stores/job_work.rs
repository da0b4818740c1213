mod record;
mod settle;
mod undo;

use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::external_id::ExternalCustomerId;
use cardlift_core::job::{RowPlace, RunMode, ScanPiece};
use cardlift_core::ports::{
    JobWork, Lease, LeaseError, PendingRow, Settled, Settlement, StoreError, Undoing,
};
use cardlift_sql::pending::{AFTER_PLACE, OfCustomer, PendingColumns, by_place, place_columns};
use cardlift_sql::prepared;
use cardlift_sql::row::{ScanPieceRow, job_state, leased, line_number};
use cardlift_sql::schema::{import_job, import_scan_piece};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::Sqlite;

#[async_trait]
impl JobWork for Sqlite {
    async fn pending(
        &self,
        lease: &Lease,
        after: Option<RowPlace>,
        most: u32,
    ) -> Result<Vec<PendingRow>, LeaseError> {
        let (account, job) = (lease.account.get(), lease.job.get());
        let work = move |connection: &mut SqliteConnection| {
            let (external_customer, external_card, customer) = place_columns(after.as_ref());
            diesel::sql_query(AFTER_PLACE)
                .bind::<BigInt, _>(account)
                .bind::<BigInt, _>(job)
                .bind::<Text, _>(external_customer)
                .bind::<Text, _>(external_card)
                .bind::<BigInt, _>(customer)
                .bind::<BigInt, _>(i64::from(most))
                .load::<PendingColumns>(connection)
        };
        Ok(by_place(self.read_leased("pending_rows", *lease, work).await?)?)
    }

    async fn pending_of(
        &self,
        lease: &Lease,
        customers: &[ExternalCustomerId],
    ) -> Result<Vec<PendingRow>, LeaseError> {
        let (account, job) = (lease.account.get(), lease.job.get());
        let mut customers = customers.to_vec();
        customers.sort_unstable();
        customers.dedup();
        let work = move |connection: &mut SqliteConnection| {
            let mut rows = Vec::new();
            for customer in &customers {
                let query = prepared::<OfCustomer>()
                    .bind::<BigInt, _>(account)
                    .bind::<BigInt, _>(job)
                    .bind::<Text, _>(customer.as_str());
                rows.extend(query.load::<PendingColumns>(connection)?);
            }
            Ok(rows)
        };
        Ok(by_place(self.read_leased("pending_rows_of", *lease, work).await?)?)
    }

    async fn pieces(&self, lease: &Lease) -> Result<Vec<ScanPiece>, LeaseError> {
        let (account, job) = (lease.account.get(), lease.job.get());
        let work = move |connection: &mut SqliteConnection| {
            import_scan_piece::table
                .filter(import_scan_piece::account_id.eq(account))
                .filter(import_scan_piece::job_id.eq(job))
                .order(import_scan_piece::id)
                .select(ScanPieceRow::as_select())
                .load(connection)
        };
        let rows = self.read_leased("scan_pieces", *lease, work).await?.into_iter();
        Ok(rows.map(TryInto::try_into).collect::<Result<_, StoreError>>()?)
    }

    async fn settle(
        &self,
        lease: &Lease,
        mode: RunMode,
        settlement: &Settlement,
        at: Timestamp,
    ) -> Result<Settled, LeaseError> {
        let (lease, settlement) = (*lease, settlement.clone());
        let work = move |connection: &mut SqliteConnection| {
            settle::settle(connection, &lease, mode, &settlement, at)
        };
        let settled = self.write("settle_rows", work).await?;
        let (tally, state) = settled.ok_or(LeaseError::Lost)?;
        Ok(Settled { tally, state: job_state(&state)? })
    }

    async fn undo(
        &self,
        lease: &Lease,
        after: Option<u64>,
        most: u32,
        at: Timestamp,
    ) -> Result<Undoing, LeaseError> {
        let lease = *lease;
        let work = move |connection: &mut SqliteConnection| {
            undo::undo(connection, &lease, after, most, at)
        };
        let undone = self.write("undo_rows", work).await?;
        let (deleted, last, state) = undone.ok_or(LeaseError::Lost)?;
        let last = last.map(line_number).transpose()?;
        Ok(Undoing { deleted, last, state: job_state(&state)? })
    }
}

impl Sqlite {
    /// Runs a read where the lease is still good.
    async fn read_leased<T: Send + 'static>(
        &self,
        operation: &'static str,
        lease: Lease,
        work: impl FnOnce(&mut SqliteConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, LeaseError> {
        let work = move |connection: &mut SqliteConnection| {
            connection.transaction(|connection| {
                let job = leased(&lease).select(import_job::id).get_result::<i64>(connection);
                job.optional()?.map(|_| work(connection)).transpose()
            })
        };
        self.read(operation, work).await?.ok_or(LeaseError::Lost)
    }
}
