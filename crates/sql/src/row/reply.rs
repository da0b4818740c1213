use cardlift_core::idempotency::{ClaimOutcome, IdempotencyClaim, StoredReply};
use cardlift_core::ports::StoreError;
use diesel::prelude::*;

use crate::schema::idempotency_reply;
use crate::{Instant, corrupt};

/// What stands under an idempotency key.
#[derive(Queryable, Selectable)]
#[diesel(table_name = idempotency_reply)]
pub struct ReplyRow {
    request_digest: Vec<u8>,
    status: Option<i32>,
    body: Option<Vec<u8>>,
    expires_at: Instant,
}

impl ReplyRow {
    /// What this row means to a claim that was not granted because of it.
    ///
    /// # Errors
    /// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a status that is none.
    pub fn outcome(self, claim: &IdempotencyClaim) -> Result<ClaimOutcome, StoreError> {
        if self.request_digest != claim.request.0 {
            return Ok(ClaimOutcome::OtherRequest);
        }
        let (Some(status), Some(body)) = (self.status, self.body) else {
            return Ok(ClaimOutcome::InProgress);
        };
        let status = u16::try_from(status).map_err(|why| corrupt("idempotency_reply", why))?;
        Ok(ClaimOutcome::Replay(StoredReply { status, body, expires_at: self.expires_at.0 }))
    }
}
