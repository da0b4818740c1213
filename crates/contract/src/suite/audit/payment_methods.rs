//! Payment methods that are saved and deleted one by one.

use cardlift_core::instrument::InstrumentKind;
use cardlift_core::payment_method::{NewPaymentMethod, PaymentMethodId};
use cardlift_core::ports::{DeleteError, SaveError};

use super::super::Subject;
use super::super::data::{
    ACCOUNT, at, bank_account, card, customer_id, default_payment_method, load_customers,
    other_account, payment_method,
};
use super::super::deletion::{delete, key};
use super::super::job_data::renewed;
use super::super::payment_methods::save;
use super::{Told, caller, item};

/// What is told of the card of this id, which expires then, of customer 1.
pub(super) fn card_facts(id: &str, expires: (u32, u32), rest: &str) -> String {
    let (month, year) = expires;
    format!(
        r#"{{"customerId":1,"kind":"card","stripeCustomerId":"cus_AExsNjBZDLMNDK","stripeCardId":"card_{id}","brand":"Visa","lastFour":"4242","expiryMonth":{month},"expiryYear":{year}{rest}}}"#
    )
}

/// When the cards expire that the cases save, and when they do once they are renewed.
pub(super) const EXPIRY: (u32, u32) = (11, 2017);
pub(super) const RENEWED: (u32, u32) = (1, 2040);

async fn caller_saves(stores: &Subject, new: &NewPaymentMethod, second: i64) -> PaymentMethodId {
    caller(7).does(save(stores, new, second)).await.payment_method.id
}

/// As what it was done with; where it is there just so, nothing was done.
pub async fn a_payment_method_that_is_saved_is_told_of(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let by = key(&stores).await;
    let mut told = Told::of(&stores, ACCOUNT).await;
    let (old, new) = (card_facts("a", EXPIRY, ""), card_facts("a", RENEWED, ""));
    let id = caller_saves(&stores, &payment_method(1, card("a")), 1).await;
    let facts = format!(r#","after":{old}"#);
    let when = told.check(&[(id.get(), item("payment_method.imported", &facts))]).await;
    assert_eq!(when, at(1));
    caller_saves(&stores, &payment_method(1, card("a")), 2).await;
    told.check_nothing().await;
    caller_saves(&stores, &payment_method(1, renewed("a")), 3).await;
    let facts = format!(r#","before":{old},"after":{new}"#);
    let when = told.check(&[(id.get(), item("payment_method.updated", &facts))]).await;
    assert_eq!(when, at(3));
    caller(7).does(delete(&stores, ACCOUNT, id, by)).await.expect("deleted");
    let facts = format!(r#","before":{new}"#);
    let when = told.check(&[(id.get(), item("payment_method.deleted", &facts))]).await;
    assert_eq!(when, at(7));
    caller_saves(&stores, &payment_method(1, card("a")), 8).await;
    let deleted = card_facts("a", RENEWED, r#","deleted":true"#);
    let facts = format!(r#","before":{deleted},"after":{old}"#);
    told.check(&[(id.get(), item("payment_method.restored", &facts))]).await;
    let id = caller_saves(&stores, &payment_method(1, bank_account("b")), 9).await;
    let facts = r#","after":{"customerId":1,"kind":"bank_account","stripeCustomerId":"cus_AExsNjBZDLMNDK","stripeCardId":"ba_b","lastFour":"6789"}"#;
    told.check(&[(id.get(), item("payment_method.imported", facts))]).await;
}

/// With the one that had it, beside what else saving it did, in one batch. One that is the default already
/// does not become it.
pub async fn a_default_that_moves_is_told_of(stores: Subject) {
    load_customers(&stores, ACCOUNT, 2).await;
    let mut told = Told::of(&stores, ACCOUNT).await;
    let default = |id: &str, expiry| card_facts(id, expiry, r#","isDefault":true"#);
    let moved = |from: Option<PaymentMethodId>, id: PaymentMethodId, facts: String| {
        let before = |from| format!(r#","before":{{"paymentMethodId":{from}}}"#);
        let facts = format!(r#"{},"after":{facts}"#, from.map(before).unwrap_or_default());
        (id.get(), item("payment_method.default_changed", &facts))
    };
    let mut saved = Vec::new();
    for card_id in ["a", "b"] {
        let id = caller_saves(&stores, &default_payment_method(1, card(card_id)), 1).await;
        let facts = format!(r#","after":{}"#, card_facts(card_id, EXPIRY, ""));
        let imported = (id.get(), item("payment_method.imported", &facts));
        let former = saved.last().copied();
        told.check(&[imported, moved(former, id, default(card_id, EXPIRY))]).await;
        saved.push(id);
    }
    caller_saves(&stores, &default_payment_method(1, card("b")), 2).await;
    told.check_nothing().await;
    caller_saves(&stores, &default_payment_method(1, renewed("b")), 3).await;
    let (before, after) = (default("b", EXPIRY), default("b", RENEWED));
    let facts = format!(r#","before":{before},"after":{after}"#);
    told.check(&[(saved[1].get(), item("payment_method.updated", &facts))]).await;
    caller_saves(&stores, &default_payment_method(1, card("a")), 4).await;
    told.check(&[moved(Some(saved[1]), saved[0], default("a", EXPIRY))]).await;
    for second in [5, 6] {
        let asked = stores.make_default(ACCOUNT, saved[1], None, at(second));
        caller(7).does(asked).await.expect("asked").expect("a payment method");
    }
    let when = told.check(&[moved(Some(saved[0]), saved[1], default("b", RENEWED))]).await;
    assert_eq!(when, at(5));
    // Another customer's is not the former, nor one that was deleted.
    let by = key(&stores).await;
    for id in [saved[0], saved[1]] {
        delete(&stores, ACCOUNT, id, by).await.expect("deleted");
    }
    save(&stores, &default_payment_method(2, card("a")), 8).await;
    let other = save(&stores, &payment_method(1, card("c")), 8).await.payment_method.id;
    let mut told = Told::of(&stores, ACCOUNT).await;
    let asked = stores.make_default(ACCOUNT, other, None, at(9));
    caller(7).does(asked).await.expect("asked").expect("a payment method");
    told.check(&[moved(None, other, default("c", EXPIRY))]).await;
}

/// Nor of what was asked of another's.
pub async fn what_is_refused_is_not_told_of(stores: Subject) {
    load_customers(&stores, ACCOUNT, 2).await;
    let other = other_account(&stores).await.id;
    let by = key(&stores).await;
    let chosen = save(&stores, &default_payment_method(1, card("a")), 0).await.payment_method.id;
    save(&stores, &payment_method(1, card("b")), 0).await;
    let [mut told, mut of_other] =
        [Told::of(&stores, ACCOUNT).await, Told::of(&stores, other).await];
    for new in [payment_method(3, card("c")), default_payment_method(3, card("c"))] {
        let refused = stores.save(ACCOUNT, &new, at(1)).await;
        assert!(matches!(refused, Err(SaveError::CustomerMissing)), "{refused:?}");
        let refused = stores.save(other, &new, at(1)).await;
        assert!(matches!(refused, Err(SaveError::CustomerMissing)), "{refused:?}");
    }
    let refused = delete(&stores, ACCOUNT, chosen, by).await;
    assert!(matches!(refused, Err(DeleteError::Default)), "{refused:?}");
    let refused = delete(&stores, other, chosen, by).await;
    assert!(matches!(refused, Err(DeleteError::Missing)), "{refused:?}");
    let kind = InstrumentKind::BankAccount;
    let refused = stores.delete(ACCOUNT, chosen, kind, by, at(1)).await;
    assert!(matches!(refused, Err(DeleteError::Missing)), "{refused:?}");
    for (account, customer) in [(ACCOUNT, Some(customer_id(2))), (other, None)] {
        let moved = stores.make_default(account, chosen, customer, at(1)).await;
        assert_eq!(moved.expect("asked"), None);
    }
    told.check_nothing().await;
    of_other.check_nothing().await;
}
