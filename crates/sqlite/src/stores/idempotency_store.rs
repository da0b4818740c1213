use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::idempotency::{ClaimOutcome, IdempotencyClaim, StoredReply};
use cardlift_core::ports::{IdempotencyStore, StoreError};
use cardlift_sql::row::{NewClaimRow, ReplyRow, StoredReplyChanges, held};
use cardlift_sql::schema::idempotency_reply::dsl;
use cardlift_sql::{Instant, corrupt};
use diesel::prelude::*;

use crate::Sqlite;

#[async_trait]
impl IdempotencyStore for Sqlite {
    async fn claim(&self, claim: &IdempotencyClaim) -> Result<ClaimOutcome, StoreError> {
        let owned = claim.clone();
        let work = move |connection: &mut SqliteConnection| {
            let granted = take(connection, &owned)? > 0;
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
            let changes = StoredReplyChanges::from(&reply);
            diesel::update(held(&claim)).set(changes).execute(connection)
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

/// Writes the claim where there is nothing, or only what has expired.
fn take(connection: &mut SqliteConnection, claim: &IdempotencyClaim) -> QueryResult<usize> {
    use diesel::query_dsl::methods::FilterDsl;

    diesel::insert_into(dsl::idempotency_reply)
        .values(NewClaimRow::from(claim))
        .on_conflict((dsl::account_id, dsl::key))
        .do_update()
        .set(NewClaimRow::from(claim))
        .filter(dsl::expires_at.le(Instant(claim.at)))
        .execute(connection)
}
