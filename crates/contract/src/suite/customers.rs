//! Cases of `CustomerRepository`.

use cardlift_core::account::AccountId;
use cardlift_core::customer::{
    AccountStanding, CustomerProfile, CustomerRecord, CustomerStatus, LoadCounts,
};
use cardlift_core::ports::{CustomerRepository, StoreErrorKind};

use super::Subject;
use super::data::{ACCOUNT, at, customer_id, other_account, record};

fn profile(first: Option<&str>, email: Option<&str>) -> CustomerProfile {
    CustomerProfile {
        first_name: first.map(Into::into),
        primary_email: email.map(Into::into),
        ..CustomerProfile::default()
    }
}

async fn profile_of(stores: &Subject, id: i64) -> Option<CustomerProfile> {
    let found = CustomerRepository::find(stores.as_ref(), ACCOUNT, customer_id(id)).await;
    found.expect("asked").map(|customer| customer.profile)
}

/// What was loaded is found, whole.
pub async fn a_loaded_customer_is_found(stores: Subject) {
    let whole = CustomerProfile {
        first_name: Some("Zoë".into()),
        last_name: Some("O'Neil".into()),
        company_name: Some("王 & Co".into()),
        primary_email: Some("zoe@example.com".into()),
        reference: Some("000123".into()),
        middle_name: Some("M.".into()),
        suffix: Some("Jr".into()),
        title: Some("Dr".into()),
        primary_phone: Some("+1 555 0100".into()),
        secondary_email: Some("zoe@example.org".into()),
        secondary_phone: Some("+1 555 0101".into()),
        currency: Some("CAD".into()),
        parent: None,
    };
    let record = CustomerRecord { id: customer_id(2_526_546), profile: whole.clone() };
    let counts = stores.load(ACCOUNT, &[record], at(0)).await.expect("loaded");
    assert_eq!(counts, LoadCounts { created: 1, updated: 0 });
    assert_eq!(profile_of(&stores, 2_526_546).await, Some(whole));
    assert_eq!(profile_of(&stores, 1).await, None);
}

/// An account sees its own customers alone.
pub async fn another_accounts_customer_is_not_found(stores: Subject) {
    let other = other_account(&stores).await.id;
    stores.load(other, &[record(1)], at(0)).await.expect("loaded");
    assert_eq!(profile_of(&stores, 1).await, None);
    let found = CustomerRepository::find(stores.as_ref(), other, customer_id(1)).await;
    assert_eq!(found.expect("asked").map(|customer| customer.account), Some(other));
}

/// A file of ids alone wipes out no names.
pub async fn loading_again_keeps_what_is_left_out(stores: Subject) {
    let first =
        CustomerRecord { profile: profile(Some("Ana"), Some("a@example.com")), ..record(1) };
    let second = CustomerRecord { profile: profile(None, Some("b@example.com")), ..record(1) };
    stores.load(ACCOUNT, &[first], at(0)).await.expect("loaded");
    let counts = stores.load(ACCOUNT, &[second, record(2)], at(1)).await.expect("loaded");
    assert_eq!(counts, LoadCounts { created: 1, updated: 1 });
    let expected = profile(Some("Ana"), Some("b@example.com"));
    assert_eq!(profile_of(&stores, 1).await, Some(expected));
}

/// One id twice in one load is one customer.
pub async fn the_later_record_of_an_id_counts(stores: Subject) {
    let named = |name| CustomerRecord { profile: profile(Some(name), None), ..record(1) };
    let records = [named("Ana"), record(2), named("Eva")];
    let counts = stores.load(ACCOUNT, &records, at(0)).await.expect("loaded");
    assert_eq!(counts, LoadCounts { created: 2, updated: 0 });
    assert_eq!(profile_of(&stores, 1).await, Some(profile(Some("Eva"), None)));
}

/// A load has no limit that a caller has to know. An empty one is a load too.
pub async fn thousands_are_loaded_at_once(stores: Subject) {
    let records: Vec<_> = (1..=5_000).map(record).collect();
    let counts = stores.load(ACCOUNT, &records, at(0)).await.expect("loaded");
    assert_eq!(counts, LoadCounts { created: 5_000, updated: 0 });
    assert!(profile_of(&stores, 5_000).await.is_some());
    let counts = stores.load(ACCOUNT, &[], at(0)).await.expect("loaded");
    assert_eq!(counts, LoadCounts::default());
}

/// A customer belongs to an account that exists.
pub async fn an_unknown_account_gets_no_customers(stores: Subject) {
    let nobody = AccountId::try_from(999).expect("an id");
    let error = stores.load(nobody, &[record(1)], at(0)).await.expect_err("no account");
    assert_eq!(error.kind(), StoreErrorKind::Failed);
}

/// A loaded customer is billed already; what is known of it comes back, and when.
pub async fn a_loaded_customer_is_active_and_good(stores: Subject) {
    stores.load(ACCOUNT, &[record(1)], at(5)).await.expect("loaded");
    stores.load(ACCOUNT, &[record(1)], at(6)).await.expect("loaded");
    let found = CustomerRepository::find(stores.as_ref(), ACCOUNT, customer_id(1)).await;
    let found = found.expect("asked").expect("a customer");
    assert_eq!((found.status, found.standing), (CustomerStatus::Active, AccountStanding::Good));
    assert_eq!((found.created_at, found.updated_at), (at(5), at(6)));
}

/// Ids go on from the greatest of the account.
pub async fn a_created_customer_gets_the_next_id(stores: Subject) {
    let other = other_account(&stores).await.id;
    stores.load(ACCOUNT, &[record(41)], at(0)).await.expect("loaded");
    let new = CustomerProfile { parent: Some(customer_id(41)), ..profile(Some("Ana"), None) };
    let created = stores.create(ACCOUNT, &new, CustomerStatus::Draft, at(3)).await;
    let created = created.expect("created");
    assert_eq!((created.id, created.status), (customer_id(42), CustomerStatus::Draft));
    assert_eq!((created.created_at, created.updated_at), (at(3), at(3)));
    let found = CustomerRepository::find(stores.as_ref(), ACCOUNT, created.id).await;
    assert_eq!(found.expect("asked"), Some(created));
    let blank = CustomerProfile::default();
    let theirs = stores.create(other, &blank, CustomerStatus::Draft, at(3)).await;
    assert_eq!(theirs.expect("created").id, customer_id(1), "another account has its own ids");
}

/// Each gets an id of its own, and none is lost, with loads in between.
pub async fn customers_created_at_once_have_ids_of_their_own(stores: Subject) {
    let tasks = (0..32).map(|index| {
        let stores = stores.clone();
        tokio::spawn(async move {
            if index % 4 == 0 {
                stores.load(ACCOUNT, &[record(1_000 + index)], at(0)).await.expect("loaded");
                return None;
            }
            let blank = CustomerProfile::default();
            let created = stores.create(ACCOUNT, &blank, CustomerStatus::Draft, at(0)).await;
            Some(created.expect("created").id)
        })
    });
    let mut ids = std::collections::BTreeSet::new();
    for done in futures_util::future::join_all(tasks).await {
        if let Some(id) = done.expect("no panic") {
            assert!(ids.insert(id), "{id} was given twice");
        }
    }
    assert_eq!(ids.len(), 24);
}

/// What is left out is gone; what is not there is not made.
pub async fn a_replaced_customer_is_what_it_was_replaced_by(stores: Subject) {
    let other = other_account(&stores).await.id;
    let first =
        CustomerRecord { profile: profile(Some("Ana"), Some("a@example.com")), ..record(1) };
    stores.load(ACCOUNT, &[first], at(0)).await.expect("loaded");
    let new = profile(None, Some("b@example.com"));
    let status = CustomerStatus::Hold;
    let replaced = stores.replace(ACCOUNT, customer_id(1), &new, status, at(4)).await;
    let replaced = replaced.expect("asked").expect("replaced");
    assert_eq!((&replaced.profile, replaced.status), (&new, status));
    assert_eq!((replaced.created_at, replaced.updated_at), (at(0), at(4)));
    let found = CustomerRepository::find(stores.as_ref(), ACCOUNT, customer_id(1)).await;
    assert_eq!(found.expect("asked"), Some(replaced));
    for (account, id) in [(ACCOUNT, 2), (other, 1)] {
        let nobody = stores.replace(account, customer_id(id), &new, status, at(5)).await;
        assert_eq!(nobody.expect("asked"), None);
    }
}
