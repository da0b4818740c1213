//! Cases of `ApiKeyStore`.

use std::sync::Arc;

use cardlift_core::Timestamp;
use cardlift_core::account::{AccountChange, AccountId};
use cardlift_core::api_key::{ApiKey, ApiKeyId, ApiKeySecret, HashKey, KeyUse, NewApiKey, Scopes};
use cardlift_core::page::{PageRequest, SortOrder};
use cardlift_core::ports::StoreErrorKind;
use cardlift_core::sealed::{MasterKeyId, SealedSecret, SecretLabel};
use futures_util::future::join_all;

use super::Subject;
use super::data::{ACCOUNT, at, other_account};

fn key(account: AccountId, secret: &str, created_at: i64) -> NewApiKey {
    NewApiKey {
        account,
        label: format!("key of {secret}"),
        digest: ApiKeySecret::shown(secret).digest(),
        scopes: Scopes::default(),
        created_at: at(created_at),
        expires_at: None,
    }
}

/// What was added is found, whole.
pub async fn a_key_is_found_by_its_digest(stores: Subject) {
    let new = key(ACCOUNT, "one", 5);
    let added = stores.add(&new).await.expect("added");
    assert_eq!((added.account, &added.label), (ACCOUNT, &new.label));
    assert_eq!((added.created_at, added.revoked_at), (at(5), None));
    assert_eq!((added.expires_at, added.last_used_at), (None, None));
    let found = stores.find_by_digest(&new.digest).await.expect("asked");
    let found = found.expect("a key");
    assert_eq!(found.key, added);
    assert_eq!(Some(found.account), stores.get(ACCOUNT).await.expect("asked"));
    let unknown = ApiKeySecret::shown("two").digest();
    assert_eq!(stores.find_by_digest(&unknown).await.expect("asked"), None);
}

/// What a key may be used for, and until when, is kept.
pub async fn a_key_keeps_its_scopes_and_its_end(stores: Subject) {
    for scopes in ["import", "read", "manage", "admin", "import,read,manage,admin"] {
        let scopes = Scopes::parse(scopes).expect("scopes");
        let ending = key(ACCOUNT, &scopes.to_string(), 5);
        let new = NewApiKey { scopes, expires_at: Some(at(9)), ..ending };
        let added = stores.add(&new).await.expect("added");
        assert_eq!((added.scopes, added.expires_at), (scopes, Some(at(9))));
        let found = stores.find_by_digest(&new.digest).await.expect("asked");
        assert_eq!(found.expect("a key").key, added, "whether it has expired others say");
    }
}

/// The keys from before are found by their keyed digests from then on, and by no others.
pub async fn keys_get_keyed_digests_once(stores: Subject) {
    let other = other_account(&stores).await.id;
    let (one, two) = (key(ACCOUNT, "one", 0), key(other, "two", 0));
    for new in [&one, &two] {
        stores.add(new).await.expect("added");
    }
    let hash = |byte| HashKey::new(&vec![byte; HashKey::LENGTH].into()).expect("a key");
    let secret = |byte: u8| {
        let master_key = MasterKeyId::parse("0123456789abcdef").expect("an id");
        SealedSecret { master_key, key: vec![byte], secret: vec![byte] }
    };
    let adopted = join_all((1..=8).map(|byte| {
        let (stores, hash, secret) = (stores.clone(), hash(byte), secret(byte));
        async move { stores.adopt_hash_key(&secret, Arc::new(move |d| hash.keyed(d))).await }
    }));
    let adopted: Vec<_> = adopted.await.into_iter().map(|done| done.expect("adopted")).collect();
    let byte = adopted[0].secret[0];
    assert!(adopted.iter().all(|one| *one == secret(byte)), "{adopted:?}");
    let kept = stores.sealed(SecretLabel::API_KEY_HASH).await.expect("asked");
    assert_eq!(kept, Some(secret(byte)));
    for new in [&one, &two] {
        let keyed = hash(byte).keyed(&new.digest);
        let found = stores.find_by_digest(&keyed).await.expect("asked").expect("a key");
        assert_eq!((found.key.account, &found.key.label), (new.account, &new.label));
        assert_eq!(found.key.digest, keyed);
        assert_eq!(stores.find_by_digest(&new.digest).await.expect("asked"), None);
    }
}

/// A list shows one account's keys, in the order they were made.
pub async fn keys_are_listed_by_account_oldest_first(stores: Subject) {
    let other = other_account(&stores).await.id;
    for (account, secret) in [(ACCOUNT, "a"), (other, "b"), (ACCOUNT, "c")] {
        stores.add(&key(account, secret, 0)).await.expect("added");
    }
    assert_eq!(labels(&stores, ACCOUNT).await, ["key of a", "key of c"]);
    assert_eq!(labels(&stores, other).await, ["key of b"]);
}

/// From either end, and none is missed or comes twice.
pub async fn keys_come_in_pages(stores: Subject) {
    let other = other_account(&stores).await.id;
    let mut ids = Vec::new();
    for secret in ["a", "b", "c"] {
        ids.push(add(&stores, secret).await);
        stores.add(&key(other, &format!("of another {secret}"), 0)).await.expect("added");
    }
    stores.revoke(ACCOUNT, ids[1], at(7)).await.expect("revoked");
    let backwards: Vec<_> = ids.iter().rev().copied().collect();
    for (order, expected) in [(SortOrder::Ascending, ids), (SortOrder::Descending, backwards)] {
        for (number, expected) in [(0, &expected[..2]), (1, &expected[2..]), (2, &[])] {
            let page = PageRequest::new(number, 2).expect("a page");
            let page = stores.list_keys(ACCOUNT, order, page).await.expect("listed");
            let found: Vec<_> = page.items.iter().map(|key| key.id).collect();
            assert_eq!((found.as_slice(), page.total), (expected, 3));
        }
    }
}

/// Revoking twice is revoking once.
pub async fn a_revoked_key_keeps_its_first_revocation(stores: Subject) {
    let added = stores.add(&key(ACCOUNT, "one", 0)).await.expect("added");
    for later in [7, 8] {
        let revoked = stores.revoke(ACCOUNT, added.id, at(later)).await.expect("revoked");
        assert_eq!(revoked.and_then(|key| key.revoked_at), Some(at(7)));
    }
    let found = stores.find_by_digest(&added.digest).await.expect("asked").expect("a key");
    assert_eq!(found.key.revoked_at, Some(at(7)));
}

/// Whatever was found of it a moment before.
pub async fn a_key_is_found_as_it_was_left(stores: Subject) {
    let added = stores.add(&key(ACCOUNT, "one", 0)).await.expect("added");
    let found = || async {
        let found = stores.find_by_digest(&added.digest).await.expect("asked");
        let found = found.expect("a key");
        (found.key.revoked_at, found.account.disabled_at)
    };
    assert_eq!(found().await, (None, None));
    for (change, expected) in
        [(AccountChange::Disable(at(5)), Some(at(5))), (AccountChange::Enable, None)]
    {
        stores.change_account(ACCOUNT, &[change]).await.expect("changed");
        assert_eq!(found().await, (None, expected));
    }
    stores.revoke(ACCOUNT, added.id, at(7)).await.expect("revoked");
    assert_eq!(found().await, (Some(at(7)), None));
}

/// The key of another account is as good as none.
pub async fn another_accounts_key_can_not_be_revoked(stores: Subject) {
    let other = other_account(&stores).await.id;
    let added = stores.add(&key(ACCOUNT, "one", 0)).await.expect("added");
    assert_eq!(stores.revoke(other, added.id, at(7)).await.expect("asked"), None);
    let found = stores.find_by_digest(&added.digest).await.expect("asked").expect("a key");
    assert_eq!(found.key.revoked_at, None);
}

/// Two keys can't have one secret.
pub async fn a_digest_is_stored_once(stores: Subject) {
    stores.add(&key(ACCOUNT, "one", 0)).await.expect("added");
    let error = stores.add(&key(ACCOUNT, "one", 1)).await.expect_err("there already");
    assert_eq!(error.kind(), StoreErrorKind::Failed);
}

/// A key acts for an account that exists.
pub async fn a_key_needs_an_account(stores: Subject) {
    let nobody = AccountId::try_from(999).expect("an id");
    let error = stores.add(&key(nobody, "one", 0)).await.expect_err("no account");
    assert_eq!(error.kind(), StoreErrorKind::Failed);
}

/// The latest use of a key counts, in whatever order they are told.
pub async fn a_use_never_goes_back_in_time(stores: Subject) {
    let (one, two) = (add(&stores, "one").await, add(&stores, "two").await);
    for (uses, expected) in [
        (vec![used(one, 5)], [Some(at(5)), None]),
        (vec![used(two, 6), used(one, 4)], [Some(at(5)), Some(at(6))]),
        (vec![used(one, 9), used(one, 8), used(two, 6)], [Some(at(9)), Some(at(6))]),
        (vec![], [Some(at(9)), Some(at(6))]),
    ] {
        stores.note_uses(&uses).await.expect("noted");
        assert_eq!(last_uses(&stores).await, expected);
    }
    assert_eq!(listed(&stores, ACCOUNT).await[0].revoked_at, None, "nothing else is changed");
}

/// A key that is not there, or is another account's, is passed over; the others are not.
pub async fn uses_of_keys_that_are_not_there_are_passed_over(stores: Subject) {
    let other = other_account(&stores).await.id;
    let one = add(&stores, "one").await;
    let nobody = ApiKeyId::try_from(999).expect("an id");
    let of_other = KeyUse { account: other, ..used(one, 7) };
    stores.note_uses(&[used(nobody, 7), of_other]).await.expect("noted");
    assert_eq!(last_uses(&stores).await, [None]);
    stores.note_uses(&[used(nobody, 7), used(one, 6)]).await.expect("noted");
    assert_eq!(last_uses(&stores).await, [Some(at(6))]);
}

/// Replicas that tell of the same keys at once do not keep each other from it.
pub async fn uses_told_at_once_leave_the_latest(stores: Subject) {
    let keys = join_all((0..20).map(|key| add(&stores, ["k", &key.to_string()].concat()))).await;
    let tell = |replica: i64| {
        let mut uses: Vec<_> = keys.iter().map(|key| used(*key, replica)).collect();
        if replica % 2 == 0 {
            uses.reverse();
        }
        let stores = stores.clone();
        tokio::spawn(async move { stores.note_uses(&uses).await })
    };
    for told in join_all((1..=16).map(tell)).await {
        told.expect("no panic").expect("noted");
    }
    assert_eq!(last_uses(&stores).await, vec![Some(at(16)); keys.len()]);
}

async fn add(stores: &Subject, secret: impl AsRef<str>) -> ApiKeyId {
    stores.add(&key(ACCOUNT, secret.as_ref(), 0)).await.expect("added").id
}

fn used(key: ApiKeyId, seconds: i64) -> KeyUse {
    KeyUse { account: ACCOUNT, key, at: at(seconds) }
}

async fn last_uses(stores: &Subject) -> Vec<Option<Timestamp>> {
    listed(stores, ACCOUNT).await.iter().map(|key| key.last_used_at).collect()
}

async fn labels(stores: &Subject, account: AccountId) -> Vec<String> {
    listed(stores, account).await.into_iter().map(|key| key.label).collect()
}

/// The first page of them, on which all of this suite's are.
async fn listed(stores: &Subject, account: AccountId) -> Vec<ApiKey> {
    let page = stores.list_keys(account, SortOrder::Ascending, PageRequest::default()).await;
    page.expect("listed").items
}
