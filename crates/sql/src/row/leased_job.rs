#![expect(missing_docs, reason = "the macro names the function's type, and gives it no doc")]

use cardlift_core::ports::Lease;
use diesel::prelude::*;

use crate::schema::import_job::dsl;

/// The job of a lease, as long as that is its latest and is held.
#[must_use]
#[diesel::dsl::auto_type]
pub fn leased(lease: &Lease) -> _ {
    let account: i64 = lease.account.get();
    let job: i64 = lease.job.get();
    let token: i64 = lease.token;
    dsl::import_job
        .filter(dsl::account_id.eq(account))
        .filter(dsl::id.eq(job))
        .filter(dsl::lease_token.eq(token))
        .filter(dsl::lease_worker.is_not_null())
}
