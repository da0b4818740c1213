use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::idempotency::{ClaimOutcome, IdempotencyClaim, StoredReply};
use cardlift_core::ports::{IdempotencyStore, StoreError, StoreErrorKind};
use cardlift_sql::claiming::{Claim, Keep};
use cardlift_sql::row::{ReplyRow, held};
use cardlift_sql::schema::idempotency_reply::dsl;
use cardlift_sql::{Instant, InstantSql, corrupt, prepared};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Integer, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::Postgres;
use crate::error::from_diesel;

/// How often a claim is tried whose rival is gone by the time it is looked at.
const TRIES: usize = 3;

#[async_trait]
impl IdempotencyStore for Postgres {
    async fn claim(&self, claim: &IdempotencyClaim) -> Result<ClaimOutcome, StoreError> {
        self.call("claim_idempotency_key", async {
            let mut connection = self.connection_for(claim.account).await?;
            for _ in 0..TRIES {
                if take(&mut connection, claim).await.map_err(from_diesel)? > 0 {
                    return Ok(ClaimOutcome::Granted);
                }
                let there = dsl::idempotency_reply.find((claim.account.get(), claim.key.as_str()));
                let there = there.select(ReplyRow::as_select()).first(&mut connection).await;
                if let Some(row) = there.optional().map_err(from_diesel)? {
                    return row.outcome(claim);
                }
            }
            let why = "an idempotency key was claimed and released again and again";
            Err(StoreError::new(StoreErrorKind::Unavailable, why))
        })
        .await
    }

    async fn complete(
        &self,
        claim: &IdempotencyClaim,
        reply: &StoredReply,
    ) -> Result<(), StoreError> {
        self.call("complete_idempotency_key", async {
            let mut connection = self.connection_for(claim.account).await?;
            let keep = prepared::<Keep>()
                .bind::<Integer, _>(i32::from(reply.status))
                .bind::<Binary, _>(reply.body.as_slice())
                .bind::<InstantSql, _>(Instant(reply.expires_at))
                .bind::<BigInt, _>(claim.account.get())
                .bind::<Text, _>(claim.key.as_str())
                .bind::<InstantSql, _>(Instant(claim.held_until));
            keep.execute(&mut connection).await.map_err(from_diesel)?;
            Ok(())
        })
        .await
    }

    async fn release(&self, claim: &IdempotencyClaim) -> Result<(), StoreError> {
        self.call("release_idempotency_key", async {
            let mut connection = self.connection_for(claim.account).await?;
            let delete = diesel::delete(held(claim));
            delete.execute(&mut connection).await.map_err(from_diesel)?;
            Ok(())
        })
        .await
    }

    async fn purge(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.call("purge_idempotency_keys", async {
            // What has expired, whoever had it.
            let mut connection = self.connection_across().await?;
            let expired = dsl::idempotency_reply.filter(dsl::expires_at.le(Instant(now)));
            let purged = diesel::delete(expired).execute(&mut connection).await;
            let purged = purged.map_err(from_diesel)?;
            u64::try_from(purged).map_err(|why| corrupt("idempotency_reply", why))
        })
        .await
    }
}

/// Writes the claim where there is nothing, or only what has expired.
async fn take(connection: &mut AsyncPgConnection, claim: &IdempotencyClaim) -> QueryResult<usize> {
    let claim = prepared::<Claim>()
        .bind::<BigInt, _>(claim.account.get())
        .bind::<Text, _>(claim.key.as_str())
        .bind::<Binary, _>(claim.request.0.as_slice())
        .bind::<InstantSql, _>(Instant(claim.held_until))
        .bind::<InstantSql, _>(Instant(claim.at));
    claim.execute(connection).await
}
