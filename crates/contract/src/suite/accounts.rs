//! Cases of `AccountRepository`.

use std::collections::HashSet;

use cardlift_core::account::{AccountId, AccountName, RateLimits};
use cardlift_core::external_id::ConnectedAccountId;
use futures_util::future::join_all;

use super::Subject;

fn name(name: &str) -> AccountName {
    AccountName::parse(name).expect("a name")
}

/// Nobody has to make an account before the first key.
pub async fn the_default_account_exists_from_the_start(stores: Subject) {
    let found = stores.find_by_name(&name("default")).await.expect("found");
    assert_eq!(found.map(|account| account.id), Some(AccountId::DEFAULT));
}

/// Replicas that start together end up with one account.
pub async fn ensuring_one_name_at_once_gives_one_account(stores: Subject) {
    let name = name("demo");
    let ensured = join_all((0..16).map(|_| stores.ensure(&name))).await;
    let ids: HashSet<_> = ensured.into_iter().map(|account| account.expect("made").id).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert!(!ids.contains(&AccountId::DEFAULT));
    let found = stores.find_by_name(&name).await.expect("found").expect("an account");
    assert!(ids.contains(&found.id));
    assert_eq!(found.name, name);
}

/// An account that nobody made is not there.
pub async fn an_unknown_name_is_no_account(stores: Subject) {
    assert_eq!(stores.find_by_name(&name("nobody")).await.expect("asked"), None);
}

/// Which connected account an account reads is its own matter.
pub async fn a_connected_account_is_set_and_taken_away(stores: Subject) {
    let other = stores.ensure(&name("other")).await.expect("made");
    assert_eq!(other.connected_account, None);
    let connected = ConnectedAccountId::parse("acct_1").expect("an id");
    let set = stores.connect(other.id, Some(connected.clone())).await.expect("set");
    let set = set.expect("an account");
    assert_eq!(set.connected_account, Some(connected));
    assert_eq!(stores.get(other.id).await.expect("asked"), Some(set.clone()));
    assert_eq!(stores.find_by_name(&other.name).await.expect("asked"), Some(set.clone()));
    assert_eq!(stores.ensure(&other.name).await.expect("there"), set);
    let first = stores.get(AccountId::DEFAULT).await.expect("asked").expect("an account");
    assert_eq!(first.connected_account, None, "another account's stays");
    assert_eq!(stores.connect(other.id, None).await.expect("taken away"), Some(other));
    let nobody = AccountId::try_from(999).expect("an id");
    assert_eq!(stores.connect(nobody, None).await.expect("asked"), None);
    assert_eq!(stores.get(nobody).await.expect("asked"), None);
}

/// How much a key may do is a matter of its account. Unless told otherwise, it is as documented.
pub async fn limits_are_set_and_taken_away(stores: Subject) {
    let other = stores.ensure(&name("other")).await.expect("made");
    assert_eq!(other.limits, RateLimits::default());
    let limits = RateLimits { per_minute: Some(u32::MAX), per_day: None };
    let set = stores.limit(other.id, limits).await.expect("set").expect("an account");
    assert_eq!(set.limits, limits);
    assert_eq!(stores.get(other.id).await.expect("asked"), Some(set));
    let first = stores.get(AccountId::DEFAULT).await.expect("asked").expect("an account");
    assert_eq!(first.limits, RateLimits::default(), "another account's stay");
    let nobody = AccountId::try_from(999).expect("an id");
    assert_eq!(stores.limit(nobody, limits).await.expect("asked"), None);
}
