use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::idempotency::{ClaimOutcome, IdempotencyClaim, StoredReply};
use cardlift_core::ports::{IdempotencyStore, StoreError};
use cardlift_sql::row::{ReplyRow, held};
use cardlift_sql::schema::idempotency_reply::dsl;
use cardlift_sql::{Instant, claiming, corrupt};
use diesel::prelude::*;

use crate::Sqlite;

#[async_trait]
impl IdempotencyStore for Sqlite {
    async fn claim(&self, claim: &IdempotencyClaim) -> Result<ClaimOutcome, StoreError> {
        let owned = claim.clone();
        let work = move |connection: &mut SqliteConnection| {
            let granted =
                claiming::claim::<diesel::sqlite::Sqlite>(&owned).execute(connection)? > 0;
            let there = dsl::idempotency_reply.find((owned.account.get(), owned.key.as_str()));
            let row = there.select(ReplyRow::as_select()).get_result(connection)?;
            Ok((!granted).then_some(row))
        };
        match self.write("claim_idempotency_key", work).await? {
            None => Ok(ClaimOutcome::Granted),
            Some(row) => row.outcome(claim),
        }
    }

    async fn complete(
        &self,
        claim: &IdempotencyClaim,
        reply: &StoredReply,
    ) -> Result<(), StoreError> {
        let (claim, reply) = (claim.clone(), reply.clone());
        let work = move |connection: &mut SqliteConnection| {
            claiming::keep::<diesel::sqlite::Sqlite>(&claim, &reply).execute(connection)
        };
        self.write("complete_idempotency_key", work).await.map(|_| ())
    }

    async fn release(&self, claim: &IdempotencyClaim) -> Result<(), StoreError> {
        let claim = claim.clone();
        let work = move |connection: &mut SqliteConnection| {
            diesel::delete(held(&claim)).execute(connection)
        };
        self.write("release_idempotency_key", work).await.map(|_| ())
    }

    async fn purge(&self, now: Timestamp) -> Result<u64, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let expired = dsl::idempotency_reply.filter(dsl::expires_at.le(Instant(now)));
            diesel::delete(expired).execute(connection)
        };
        let purged = self.write("purge_idempotency_keys", work).await?;
        u64::try_from(purged).map_err(|why| corrupt("idempotency_reply", why))
    }
}
