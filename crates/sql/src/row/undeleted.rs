#![expect(missing_docs, reason = "the macro names the function's type, and gives it no doc")]

use diesel::prelude::*;

use crate::schema::payment_method::dsl;

/// The payment method of this account and id, unless it was deleted.
#[must_use]
#[diesel::dsl::auto_type]
pub fn live(account: i64, id: i64) -> _ {
    dsl::payment_method
        .filter(dsl::account_id.eq(account))
        .filter(dsl::id.eq(id))
        .filter(dsl::deleted_at.is_null())
}

/// The payment methods of this customer that were not deleted.
#[must_use]
#[diesel::dsl::auto_type]
pub fn live_of(account: i64, customer: i64) -> _ {
    dsl::payment_method
        .filter(dsl::account_id.eq(account))
        .filter(dsl::customer_id.eq(customer))
        .filter(dsl::deleted_at.is_null())
}
