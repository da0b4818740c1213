use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::idempotency::{ClaimOutcome, IdempotencyClaim, StoredReply};
use cardlift_core::ports::{IdempotencyStore, StoreError, StoreErrorKind};
use cardlift_sql::row::{ReplyRow, held};
use cardlift_sql::schema::idempotency_reply::dsl;
use cardlift_sql::{Instant, claiming, corrupt};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

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
                if claiming::claim::<Pg>(claim)
                    .execute(&mut connection)
                    .await
                    .map_err(from_diesel)?
                    > 0
                {
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
            let keep = claiming::keep::<Pg>(claim, reply);
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
