//! The statements that claim an idempotency key, and keep the reply under it.

use cardlift_core::idempotency::{IdempotencyClaim, StoredReply};
use diesel::backend::Backend;
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, HasSqlType, Integer, Text};

use crate::{Instant, InstantSql, Prepared, Statement, prepared};

/// Claims key `$2` of account `$1` for the request of digest `$3` until `$4`, where there is nothing under
/// it, or only what has expired at `$5`: nothing of that stays.
pub struct Claim;

impl Statement for Claim {
    const TEXT: &'static str = "
    INSERT INTO idempotency_reply (account_id, key, request_digest, expires_at)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT (account_id, key) DO UPDATE
    SET request_digest = excluded.request_digest, status = NULL, body = NULL,
        expires_at = excluded.expires_at
    WHERE idempotency_reply.expires_at <= $5";
}

/// Keeps status `$1` and body `$2` until `$3`, under key `$5` of account `$4`, as long as the claim that
/// holds it is the one until `$6`.
pub struct Keep;

impl Statement for Keep {
    const TEXT: &'static str = "
    UPDATE idempotency_reply SET status = $1, body = $2, expires_at = $3
    WHERE account_id = $4 AND key = $5 AND status IS NULL AND expires_at = $6";
}

/// Writes the claim where there is nothing, or only what has expired.
pub fn claim<DB>(
    claim: &IdempotencyClaim,
) -> Prepared<Claim, impl QueryFragment<DB> + QueryId + Send>
where
    DB: Backend + HasSqlType<InstantSql>,
    i64: ToSql<BigInt, DB>,
    for<'a> &'a str: ToSql<Text, DB>,
    for<'a> &'a [u8]: ToSql<Binary, DB>,
    Instant: ToSql<InstantSql, DB>,
{
    prepared::<Claim>()
        .bind::<BigInt, _>(claim.account.get())
        .bind::<Text, _>(claim.key.as_str())
        .bind::<Binary, _>(claim.request.0.as_slice())
        .bind::<InstantSql, _>(Instant(claim.held_until))
        .bind::<InstantSql, _>(Instant(claim.at))
}

/// Keeps the reply under the key, as long as this claim holds it.
pub fn keep<DB>(
    claim: &IdempotencyClaim,
    reply: &StoredReply,
) -> Prepared<Keep, impl QueryFragment<DB> + QueryId + Send>
where
    DB: Backend + HasSqlType<InstantSql>,
    i32: ToSql<Integer, DB>,
    i64: ToSql<BigInt, DB>,
    for<'a> &'a str: ToSql<Text, DB>,
    for<'a> &'a [u8]: ToSql<Binary, DB>,
    Instant: ToSql<InstantSql, DB>,
{
    prepared::<Keep>()
        .bind::<Integer, _>(i32::from(reply.status))
        .bind::<Binary, _>(reply.body.as_slice())
        .bind::<InstantSql, _>(Instant(reply.expires_at))
        .bind::<BigInt, _>(claim.account.get())
        .bind::<Text, _>(claim.key.as_str())
        .bind::<InstantSql, _>(Instant(claim.held_until))
}
