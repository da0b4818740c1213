#![expect(missing_docs, reason = "the macro names the function's type, and gives it no doc")]

use cardlift_core::idempotency::IdempotencyClaim;
use diesel::prelude::*;

use crate::Instant;
use crate::schema::idempotency_reply::dsl;

/// The row of a claim, as long as it is this claim's.
#[must_use]
#[diesel::dsl::auto_type]
pub fn held<'a>(claim: &'a IdempotencyClaim) -> _ {
    let account: i64 = claim.account.get();
    let key: &'a str = claim.key.as_str();
    let until: Instant = Instant(claim.held_until);
    dsl::idempotency_reply
        .filter(dsl::account_id.eq(account))
        .filter(dsl::key.eq(key))
        .filter(dsl::status.is_null())
        .filter(dsl::expires_at.eq(until))
}
