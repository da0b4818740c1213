//! The statements that claim an idempotency key, and keep the reply under it.

use crate::Statement;

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
