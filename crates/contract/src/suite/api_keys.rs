//! Cases of `ApiKeyStore`.

use cardlift_core::account::AccountId;
use cardlift_core::api_key::{ApiKeySecret, NewApiKey};
use cardlift_core::ports::StoreErrorKind;

use super::Subject;
use super::data::{ACCOUNT, at, other_account};

fn key(account: AccountId, secret: &str, created_at: i64) -> NewApiKey {
    NewApiKey {
        account,
        label: format!("key of {secret}"),
        digest: ApiKeySecret::shown(secret).digest(),
        created_at: at(created_at),
    }
}

/// What was added is found, whole.
pub async fn a_key_is_found_by_its_digest(stores: Subject) {
    let new = key(ACCOUNT, "one", 5);
    let added = stores.add(&new).await.expect("added");
    assert_eq!((added.account, &added.label), (ACCOUNT, &new.label));
    assert_eq!((added.created_at, added.revoked_at), (at(5), None));
    let found = stores.find_by_digest(&new.digest).await.expect("asked");
    let found = found.expect("a key");
    assert_eq!(found.key, added);
    assert_eq!(Some(found.account), stores.get(ACCOUNT).await.expect("asked"));
    let unknown = ApiKeySecret::shown("two").digest();
    assert_eq!(stores.find_by_digest(&unknown).await.expect("asked"), None);
}

/// A list shows one account's keys, in the order they were made.
pub async fn keys_are_listed_by_account_oldest_first(stores: Subject) {
    let other = other_account(&stores).await.id;
    for (account, secret) in [(ACCOUNT, "a"), (other, "b"), (ACCOUNT, "c")] {
        stores.add(&key(account, secret, 0)).await.expect("added");
    }
    let keys = ApiKeyStoreList(&stores).labels(ACCOUNT).await;
    assert_eq!(keys, ["key of a", "key of c"]);
    assert_eq!(ApiKeyStoreList(&stores).labels(other).await, ["key of b"]);
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

/// `list` is a method of two of the ports, so it has to be said which is meant.
struct ApiKeyStoreList<'a>(&'a Subject);

impl ApiKeyStoreList<'_> {
    async fn labels(&self, account: AccountId) -> Vec<String> {
        let keys = cardlift_core::ports::ApiKeyStore::list(self.0.as_ref(), account).await;
        keys.expect("listed").into_iter().map(|key| key.label).collect()
    }
}
