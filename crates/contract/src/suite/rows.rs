//! What an adapter's own tests start from that look at its tables past the ports.

use cardlift_core::payment_method::NewPaymentMethod;

use super::Subject;
use super::data::{ACCOUNT, bare_card, card, load_customers, payment_method};
use super::deletion::{delete, key};
use super::payment_methods::save;

/// The key that [`delete_one`] deletes with: the first of an empty store.
pub const DELETED_BY: i64 = 1;

/// A card of which the vault knows no more than it must.
#[must_use]
pub fn bare_payment_method() -> NewPaymentMethod {
    payment_method(1, bare_card("a"))
}

/// Saves a card in an empty store, and deletes it at 1970-01-01 00:00:07.123456 UTC.
pub async fn delete_one(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let by = key(&stores).await;
    assert_eq!(by.get(), DELETED_BY);
    let saved = save(&stores, &payment_method(1, card("a")), 0).await.payment_method;
    delete(&stores, ACCOUNT, saved.id, by).await.expect("deleted");
}
