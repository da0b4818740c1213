use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::audit::{
    AuditBatch, AuditBatchDigest, AuditBatchId, AuditLink, NewAuditBatch, items_digest,
};
use cardlift_core::ports::{AuditTrail, BatchStanding, LinkedBatch, StoreError};
use cardlift_sql::row::{
    AuditBatchRow, AuditLinkRow, WaitingBatchRow, batches_after, is_chained, last_link, linked,
    links_after, standing, standings, unchained, waiting, waits_in_vain,
};
use cardlift_sql::schema::audit_waiting;
use cardlift_sql::{Instant, InstantSql, Statement, prepared};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::{Array, BigInt, Binary, Text};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};

use crate::Postgres;
use crate::error::from_diesel;

struct Write;

impl Statement for Write {
    const TEXT: &'static str = "
    WITH written AS (
        INSERT INTO audit_batch (account_id, at, subjects, items) VALUES ($1, $2, $3, $4)
        RETURNING account_id, id
    )
    INSERT INTO audit_waiting (account_id, id, items_digest) SELECT account_id, id, $5 FROM written";
}

struct Add;

impl Statement for Add {
    const TEXT: &'static str = "
    INSERT INTO audit_link (account_id, position, batch_id, seal)
    SELECT * FROM unnest($1, $2, $3, $4)";
}

#[async_trait]
impl AuditTrail for Postgres {
    async fn unchained(
        &self,
        most: u32,
        except: &[AccountId],
    ) -> Result<Vec<AuditBatchDigest>, StoreError> {
        self.call("list_unchained_batches", async {
            // Of all accounts.
            let mut connection = self.connection_across().await?;
            let query = waiting(except).limit(most.into());
            let query = query.select((WaitingBatchRow::as_select(), audit_waiting::items_digest));
            let rows = query.load(&mut connection).await.map_err(from_diesel)?;
            rows.into_iter().map(unchained).collect()
        })
        .await
    }

    async fn is_chained(&self) -> Result<bool, StoreError> {
        self.call("is_chained", async {
            // Of whichever account.
            let mut connection = self.connection_across().await?;
            is_chained().get_result(&mut connection).await.map_err(from_diesel)
        })
        .await
    }

    async fn last_link(&self, account: AccountId) -> Result<Option<AuditLink>, StoreError> {
        self.call("get_last_link", async {
            let mut connection = self.connection_for(account).await?;
            let query = last_link(account.get()).select(AuditLinkRow::as_select());
            let row = query.first(&mut connection).await.optional().map_err(from_diesel)?;
            row.map(TryInto::try_into).transpose()
        })
        .await
    }

    async fn chain(&self, links: &[AuditLink]) -> Result<bool, StoreError> {
        let batches: Vec<i64> = links.iter().map(|link| link.batch.get()).collect();
        self.call("chain_batches", async {
            let mut connection =
                self.connection_for_each(links.iter().map(|link| link.account)).await?;
            let written = connection.transaction(async |connection| {
                add(connection, links, &batches).await?;
                let chained = audit_waiting::table.filter(audit_waiting::id.eq_any(&batches));
                diesel::delete(chained).execute(connection).await
            });
            match written.await {
                Ok(_) => Ok(true),
                Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
                    // What has its link by now need not wait any more.
                    let done = diesel::delete(waits_in_vain(batches));
                    done.execute(&mut connection).await.map(|_| false).map_err(from_diesel)
                }
                Err(error) => Err(from_diesel(error)),
            }
        })
        .await
    }

    async fn links(
        &self,
        account: AccountId,
        after: i64,
        most: u32,
    ) -> Result<Vec<LinkedBatch>, StoreError> {
        self.call("list_links", async {
            let mut connection = self.connection_for(account).await?;
            let query = links_after(account.get(), after).limit(most.into());
            let query =
                query.select((AuditLinkRow::as_select(), Option::<AuditBatchRow>::as_select()));
            let rows = query.load(&mut connection).await.map_err(from_diesel)?;
            rows.into_iter().map(linked).collect()
        })
        .await
    }

    async fn standings(
        &self,
        account: AccountId,
        after: Option<AuditBatchId>,
        most: u32,
    ) -> Result<Vec<BatchStanding>, StoreError> {
        self.call("list_batch_standings", async {
            let mut connection = self.connection_for(account).await?;
            let query = standings(account.get(), after).limit(most.into());
            let rows = query.load(&mut connection).await.map_err(from_diesel)?;
            rows.into_iter().map(standing).collect()
        })
        .await
    }

    async fn batches(
        &self,
        account: AccountId,
        after: Option<AuditBatchId>,
        most: u32,
    ) -> Result<Vec<AuditBatch>, StoreError> {
        self.call("list_audit_batches", async {
            let mut connection = self.connection_for(account).await?;
            let query = batches_after(account.get(), after).limit(most.into());
            let query = query.select(AuditBatchRow::as_select());
            let rows = query.load(&mut connection).await.map_err(from_diesel)?;
            rows.into_iter().map(TryInto::try_into).collect()
        })
        .await
    }
}

/// Adds the links of these batches.
async fn add(
    connection: &mut AsyncPgConnection,
    links: &[AuditLink],
    batches: &[i64],
) -> QueryResult<usize> {
    let accounts: Vec<i64> = links.iter().map(|link| link.account.get()).collect();
    let positions: Vec<i64> = links.iter().map(|link| link.position).collect();
    let seals: Vec<&[u8]> = links.iter().map(|link| link.seal.as_bytes().as_slice()).collect();
    let add = prepared::<Add>()
        .bind::<Array<BigInt>, _>(accounts)
        .bind::<Array<BigInt>, _>(positions)
        .bind::<Array<BigInt>, _>(batches)
        .bind::<Array<Binary>, _>(seals);
    add.execute(connection).await
}

/// What time it is for the server, which is one for all who write.
pub(super) async fn now(connection: &mut AsyncPgConnection) -> QueryResult<Timestamp> {
    let now: Instant =
        diesel::select(sql::<InstantSql>("clock_timestamp()")).get_result(connection).await?;
    Ok(now.0)
}

/// Writes these as one batch of each account.
pub(super) async fn write_joined(
    connection: &mut AsyncPgConnection,
    batches: impl IntoIterator<Item = NewAuditBatch>,
) -> QueryResult<()> {
    for batch in NewAuditBatch::joined(batches) {
        write(connection, &batch).await?;
    }
    Ok(())
}

/// Writes a batch into the trail, in the transaction that makes the changes. An empty one is none.
pub(super) async fn write(
    connection: &mut AsyncPgConnection,
    batch: &NewAuditBatch,
) -> QueryResult<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let write = prepared::<Write>()
        .bind::<BigInt, _>(batch.account.get())
        .bind::<InstantSql, _>(Instant(batch.at))
        .bind::<Text, _>(batch.subjects())
        .bind::<Text, _>(batch.items())
        .bind::<Binary, _>(items_digest(batch.items()).to_vec());
    write.execute(connection).await.map(|_| ())
}
