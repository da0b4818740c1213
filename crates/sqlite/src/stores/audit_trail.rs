use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::audit::{
    AuditBatch, AuditBatchDigest, AuditBatchId, AuditLink, NewAuditBatch, items_digest,
};
use cardlift_core::ports::{AuditTrail, BatchStanding, LinkedBatch, StoreError};
use cardlift_sql::row::{
    AuditBatchRow, AuditLinkRow, NewAuditBatchRow, WaitingBatchRow, batches_after, is_chained,
    last_link, linked, links_after, standing, standings, unchained, waiting, waits_in_vain,
};
use cardlift_sql::schema::{audit_batch, audit_link, audit_waiting};
use cardlift_sql::{Instant, InstantSql};
use diesel::dsl::{select, sql};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use crate::Sqlite;
use crate::error::from_diesel;

#[async_trait]
impl AuditTrail for Sqlite {
    async fn unchained(
        &self,
        most: u32,
        except: &[AccountId],
    ) -> Result<Vec<AuditBatchDigest>, StoreError> {
        let except = except.to_vec();
        let work = move |connection: &mut SqliteConnection| {
            let query = waiting(&except).limit(most.into());
            let query = query.select((WaitingBatchRow::as_select(), audit_waiting::items_digest));
            query.load(connection)
        };
        let rows = self.read("list_unchained_batches", work).await?;
        rows.into_iter().map(unchained).collect()
    }

    async fn is_chained(&self) -> Result<bool, StoreError> {
        self.read("is_chained", |connection| is_chained().get_result(connection)).await
    }

    async fn last_link(&self, account: AccountId) -> Result<Option<AuditLink>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let query = last_link(account.get()).select(AuditLinkRow::as_select());
            query.get_result(connection).optional()
        };
        self.read("get_last_link", work).await?.map(TryInto::try_into).transpose()
    }

    async fn chain(&self, links: &[AuditLink]) -> Result<bool, StoreError> {
        let rows: Vec<AuditLinkRow> = links.iter().map(Into::into).collect();
        let batches: Vec<i64> = links.iter().map(|link| link.batch.get()).collect();
        let chained = batches.clone();
        let work = move |connection: &mut SqliteConnection| {
            diesel::insert_into(audit_link::table).values(&rows).execute(connection)?;
            let waiting = audit_waiting::table.filter(audit_waiting::id.eq_any(chained));
            diesel::delete(waiting).execute(connection)
        };
        match self.try_write("chain_batches", work).await? {
            Ok(_) => Ok(true),
            Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
                // What has its link by now need not wait any more.
                let work = move |connection: &mut SqliteConnection| {
                    diesel::delete(waits_in_vain(batches)).execute(connection)
                };
                self.write("forget_chained_batches", work).await.map(|_| false)
            }
            Err(error) => Err(from_diesel(error)),
        }
    }

    async fn links(
        &self,
        account: AccountId,
        after: i64,
        most: u32,
    ) -> Result<Vec<LinkedBatch>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let query = links_after(account.get(), after).limit(most.into());
            query
                .select((AuditLinkRow::as_select(), Option::<AuditBatchRow>::as_select()))
                .load(connection)
        };
        let rows = self.read("list_links", work).await?;
        rows.into_iter().map(linked).collect()
    }

    async fn standings(
        &self,
        account: AccountId,
        after: Option<AuditBatchId>,
        most: u32,
    ) -> Result<Vec<BatchStanding>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            standings(account.get(), after).limit(most.into()).load(connection)
        };
        let rows = self.read("list_batch_standings", work).await?;
        rows.into_iter().map(standing).collect()
    }

    async fn batches(
        &self,
        account: AccountId,
        after: Option<AuditBatchId>,
        most: u32,
    ) -> Result<Vec<AuditBatch>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let query = batches_after(account.get(), after).limit(most.into());
            query.select(AuditBatchRow::as_select()).load(connection)
        };
        let rows = self.read("list_audit_batches", work).await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

/// Writes these as one batch of each account.
pub(super) fn write_joined(
    connection: &mut SqliteConnection,
    batches: impl IntoIterator<Item = NewAuditBatch>,
) -> QueryResult<()> {
    NewAuditBatch::joined(batches).iter().try_for_each(|batch| write(connection, batch))
}

/// Writes a batch into the trail, in the transaction that makes the changes. An empty one is none.
pub(super) fn write(connection: &mut SqliteConnection, batch: &NewAuditBatch) -> QueryResult<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let insert = diesel::insert_into(audit_batch::table).values(NewAuditBatchRow::from(batch));
    let id: i64 = insert.returning(audit_batch::id).get_result(connection)?;
    let waits = (
        audit_waiting::id.eq(id),
        audit_waiting::account_id.eq(batch.account.get()),
        audit_waiting::items_digest.eq(items_digest(batch.items()).to_vec()),
    );
    diesel::insert_into(audit_waiting::table).values(waits).execute(connection).map(|_| ())
}

/// The time by the database, for a change that is told without one.
pub(super) fn now(connection: &mut SqliteConnection) -> QueryResult<Timestamp> {
    let now = sql::<InstantSql>("strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')");
    select(now).get_result(connection).map(|Instant(now)| now)
}
