//! What is deleted, and which one is the default.

use cardlift_core::account::AccountId;
use cardlift_core::api_key::{ApiKeyId, ApiKeySecret, NewApiKey, Scopes};
use cardlift_core::instrument::InstrumentKind;
use cardlift_core::payment_method::{PaymentMethodId, SaveOutcome};
use cardlift_core::ports::{DeleteError, PaymentMethodStore};
use futures_util::future::join_all;

use super::Subject;
use super::data::{
    ACCOUNT, at, card, customer_id, default_payment_method, load_customers, other_account,
    payment_method,
};
use super::payment_methods::{list, save};

/// A key to delete with.
pub(crate) async fn key(stores: &Subject) -> ApiKeyId {
    let new = NewApiKey {
        account: ACCOUNT,
        label: "test".into(),
        digest: ApiKeySecret::shown("a secret").digest(),
        scopes: Scopes::default(),
        created_at: at(0),
        expires_at: None,
    };
    stores.add(&new).await.expect("a key").id
}

pub(crate) async fn delete(
    stores: &Subject,
    account: AccountId,
    id: PaymentMethodId,
    by: ApiKeyId,
) -> Result<(), DeleteError> {
    PaymentMethodStore::delete(stores.as_ref(), account, id, InstrumentKind::Card, by, at(7)).await
}

/// What is deleted is in no list, and can be neither read nor deleted again.
pub async fn what_is_deleted_is_gone(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let by = key(&stores).await;
    let first = save(&stores, &payment_method(1, card("a")), 0).await.payment_method;
    let second = save(&stores, &payment_method(1, card("b")), 0).await.payment_method;
    delete(&stores, ACCOUNT, first.id, by).await.expect("deleted");
    assert_eq!(list(&stores, ACCOUNT, 1).await, [second]);
    let kind = InstrumentKind::Card;
    let found = PaymentMethodStore::find(stores.as_ref(), ACCOUNT, first.id, kind).await;
    assert_eq!(found.expect("asked"), None);
    let again = delete(&stores, ACCOUNT, first.id, by).await;
    assert!(matches!(again, Err(DeleteError::Missing)), "{again:?}");
    let default = stores.make_default(ACCOUNT, first.id, None, at(8)).await;
    assert_eq!(default.expect("asked"), None);
}

/// The same card again is the same payment method, whole, and no default.
pub async fn importing_again_brings_it_back_under_its_id(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let by = key(&stores).await;
    let new = payment_method(1, card("a"));
    let first = save(&stores, &default_payment_method(1, card("a")), 0).await.payment_method;
    delete(&stores, ACCOUNT, first.id, by).await.expect("the only one");
    let back = save(&stores, &new, 9).await;
    assert_eq!(back.outcome, SaveOutcome::Restored);
    assert_eq!(back.payment_method.id, first.id);
    assert_eq!(back.payment_method.created_at, first.created_at);
    assert_eq!(back.payment_method.updated_at, at(9));
    assert!(!back.payment_method.is_default);
    assert_eq!(list(&stores, ACCOUNT, 1).await, [back.payment_method]);
    assert_eq!(save(&stores, &new, 10).await.outcome, SaveOutcome::Unchanged);
}

/// Brought back as the default, it is.
pub async fn what_comes_back_can_be_the_default(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let by = key(&stores).await;
    let first = save(&stores, &payment_method(1, card("a")), 0).await.payment_method;
    save(&stores, &default_payment_method(1, card("b")), 0).await;
    delete(&stores, ACCOUNT, first.id, by).await.expect("deleted");
    let back = save(&stores, &default_payment_method(1, card("a")), 1).await;
    assert_eq!(back.outcome, SaveOutcome::Restored);
    let defaults: Vec<_> =
        list(&stores, ACCOUNT, 1).await.into_iter().map(|method| method.is_default).collect();
    assert_eq!(defaults, [true, false]);
}

/// A customer is never left without a default by deleting it, unless nothing is left at all.
pub async fn a_default_goes_last(stores: Subject) {
    load_customers(&stores, ACCOUNT, 2).await;
    let by = key(&stores).await;
    let default = save(&stores, &default_payment_method(1, card("a")), 0).await.payment_method;
    let other = save(&stores, &payment_method(1, card("b")), 0).await.payment_method;
    save(&stores, &payment_method(2, card("c")), 0).await;
    let refused = delete(&stores, ACCOUNT, default.id, by).await;
    assert!(matches!(refused, Err(DeleteError::Default)), "{refused:?}");
    assert_eq!(list(&stores, ACCOUNT, 1).await.len(), 2);
    delete(&stores, ACCOUNT, other.id, by).await.expect("no default");
    delete(&stores, ACCOUNT, default.id, by).await.expect("the last one");
    assert_eq!(list(&stores, ACCOUNT, 1).await, []);
    assert_eq!(list(&stores, ACCOUNT, 2).await.len(), 1);
}

/// Neither another account's nor one of another kind.
pub async fn what_is_not_ours_is_not_deleted(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let other = other_account(&stores).await.id;
    let by = key(&stores).await;
    let method = save(&stores, &payment_method(1, card("a")), 0).await.payment_method;
    let foreign = delete(&stores, other, method.id, by).await;
    assert!(matches!(foreign, Err(DeleteError::Missing)), "{foreign:?}");
    let kind = InstrumentKind::BankAccount;
    let other_kind =
        PaymentMethodStore::delete(stores.as_ref(), ACCOUNT, method.id, kind, by, at(1)).await;
    assert!(matches!(other_kind, Err(DeleteError::Missing)), "{other_kind:?}");
    let default = stores.make_default(other, method.id, None, at(1)).await;
    assert_eq!(default.expect("asked"), None);
    assert_eq!(list(&stores, ACCOUNT, 1).await, [method]);
}

/// The default moves to the one that is named, whose customer may be named besides.
pub async fn a_default_is_chosen(stores: Subject) {
    load_customers(&stores, ACCOUNT, 2).await;
    let first = save(&stores, &default_payment_method(1, card("a")), 0).await.payment_method;
    let second = save(&stores, &payment_method(1, card("b")), 0).await.payment_method;
    let wrong = stores.make_default(ACCOUNT, second.id, Some(customer_id(2)), at(1)).await;
    assert_eq!(wrong.expect("asked"), None, "another customer's");
    for customer in [Some(customer_id(1)), None] {
        let moved = stores.make_default(ACCOUNT, second.id, customer, at(2)).await;
        let moved = moved.expect("asked").expect("moved");
        assert!(moved.is_default);
        assert_eq!((moved.id, moved.updated_at), (second.id, at(2)));
    }
    let again = stores.make_default(ACCOUNT, second.id, None, at(3)).await.expect("asked");
    assert_eq!(again.map(|method| method.updated_at), Some(at(2)), "nothing was written");
    let listed = list(&stores, ACCOUNT, 1).await;
    let former = listed.iter().find(|method| method.id == first.id).expect("listed");
    assert!(!former.is_default);
    assert_eq!(former.updated_at, at(2));
}

/// Two that are the default in turn, and are deleted meanwhile: one stays, or none does, and
/// never two defaults.
pub async fn defaults_that_move_and_go_at_once_leave_at_most_one(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let by = key(&stores).await;
    let mut ids = Vec::new();
    for index in 0..8 {
        let new = payment_method(1, card(&format!("d{index}")));
        ids.push(save(&stores, &new, 0).await.payment_method.id);
    }
    let tasks = ids.clone().into_iter().flat_map(|id| {
        let (moving, deleting) = (stores.clone(), stores.clone());
        let moved = tokio::spawn(async move {
            moving.make_default(ACCOUNT, id, None, at(1)).await.expect("asked");
        });
        let deleted = tokio::spawn(async move {
            let deleted = delete(&deleting, ACCOUNT, id, by).await;
            assert!(matches!(deleted, Ok(()) | Err(DeleteError::Default)), "{deleted:?}");
        });
        [moved, deleted]
    });
    for done in join_all(tasks).await {
        done.expect("no panic");
    }
    let listed = list(&stores, ACCOUNT, 1).await;
    assert!(listed.iter().filter(|method| method.is_default).count() <= 1);
}
