#![expect(missing_docs, reason = "the macro names the function's type, and gives it no doc")]

use cardlift_core::ports::Lease;
use diesel::prelude::*;

use crate::schema::account;
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

/// The same, where its account is not disabled.
#[must_use]
#[diesel::dsl::auto_type]
pub fn renewable(lease: &Lease) -> _ {
    let id: i64 = lease.account.get();
    let disabled = account::table.find(id).filter(account::disabled_at.is_not_null());
    let held: leased = leased(lease);
    held.filter(diesel::dsl::not(diesel::dsl::exists(disabled)))
}
