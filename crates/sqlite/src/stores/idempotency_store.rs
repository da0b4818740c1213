use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::idempotency::{ClaimOutcome, IdempotencyClaim, StoredReply};
use cardlift_core::ports::{IdempotencyStore, StoreError};
use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::Sqlite;
use crate::error::corrupt;
use crate::schema::idempotency_reply::{self as reply, dsl};

#[derive(Queryable, Selectable)]
#[diesel(table_name = reply)]
struct ReplyRow {
    request_digest: Vec<u8>,
    status: Option<i32>,
    body: Option<Vec<u8>>,
    expires_at: Timestamp,
}

#[async_trait]
impl IdempotencyStore for Sqlite {
    async fn claim(&self, claim: &IdempotencyClaim) -> Result<ClaimOutcome, StoreError> {
        let owned = claim.clone();
        let work = move |connection: &mut SqliteConnection| {
            let granted = take(connection, &owned)? > 0;
            let there = dsl::idempotency_reply.find((owned.account.get(), owned.key.as_str()));
            let row = there.select(ReplyRow::as_select()).first(connection)?;
            Ok((!granted).then_some(row))
        };
        match self.write("claim_idempotency_key", work).await? {
            None => Ok(ClaimOutcome::Granted),
            Some(row) => outcome(row, claim),
        }
    }

    async fn complete(
        &self,
        claim: &IdempotencyClaim,
        reply: &StoredReply,
    ) -> Result<(), StoreError> {
        let (claim, reply) = (claim.clone(), reply.clone());
        let work = move |connection: &mut SqliteConnection| {
            diesel::update(held(&claim))
                .set((
                    dsl::status.eq(i32::from(reply.status)),
                    dsl::body.eq(reply.body),
                    dsl::expires_at.eq(reply.expires_at),
                ))
                .execute(connection)
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
            let expired = dsl::idempotency_reply.filter(dsl::expires_at.le(now));
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
        .values((
            dsl::account_id.eq(claim.account.get()),
            dsl::key.eq(claim.key.as_str()),
            dsl::request_digest.eq(claim.request.0.as_slice()),
            dsl::expires_at.eq(claim.held_until),
        ))
        .on_conflict((dsl::account_id, dsl::key))
        .do_update()
        .set((
            dsl::request_digest.eq(excluded(dsl::request_digest)),
            dsl::status.eq(None::<i32>),
            dsl::body.eq(None::<Vec<u8>>),
            dsl::expires_at.eq(excluded(dsl::expires_at)),
        ))
        .filter(dsl::expires_at.le(claim.at))
        .execute(connection)
}

/// The row of a claim, as long as it is this claim's.
#[diesel::dsl::auto_type]
fn held<'a>(claim: &'a IdempotencyClaim) -> _ {
    let account: i64 = claim.account.get();
    let key: &'a str = claim.key.as_str();
    let until: Timestamp = claim.held_until;
    dsl::idempotency_reply
        .filter(dsl::account_id.eq(account))
        .filter(dsl::key.eq(key))
        .filter(dsl::status.is_null())
        .filter(dsl::expires_at.eq(until))
}

fn outcome(row: ReplyRow, claim: &IdempotencyClaim) -> Result<ClaimOutcome, StoreError> {
    if row.request_digest != claim.request.0 {
        return Ok(ClaimOutcome::OtherRequest);
    }
    let (Some(status), Some(body)) = (row.status, row.body) else {
        return Ok(ClaimOutcome::InProgress);
    };
    let status = u16::try_from(status).map_err(|why| corrupt("idempotency_reply", why))?;
    Ok(ClaimOutcome::Replay(StoredReply { status, body, expires_at: row.expires_at }))
}
