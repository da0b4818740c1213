//! Cases of `CustomerRepository`.

use cardlift_core::account::AccountId;
use cardlift_core::customer::{CustomerProfile, CustomerRecord, LoadCounts};
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
