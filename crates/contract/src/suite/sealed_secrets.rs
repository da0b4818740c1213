//! Cases of `SealedSecretStore`.

use std::collections::BTreeMap;

use cardlift_core::account::AccountId;
use cardlift_core::sealed::{MasterKeyId, SealedSecret, SecretLabel, SecretName};
use futures_util::future::join_all;

use super::Subject;
use super::data::other_account;

const LABEL: SecretLabel = SecretLabel::API_KEY_HASH;

/// Bytes that a store of text would break.
fn sealed(number: u8) -> SealedSecret {
    let master_key = MasterKeyId::parse(&format!("{number:016x}")).expect("an id");
    SealedSecret { master_key, key: vec![0, number, 255], secret: vec![number; 1_000] }
}

/// What was put there is there, whole, and what was there before is not.
pub async fn a_secret_is_kept_as_it_was_put(stores: Subject) {
    assert_eq!(stores.sealed(LABEL).await.expect("asked"), None);
    for number in [1, 2, 2] {
        stores.put_sealed(LABEL, &sealed(number)).await.expect("put");
        assert_eq!(stores.sealed(LABEL).await.expect("asked"), Some(sealed(number)));
    }
    let nobody = AccountId::try_from(999).expect("an id");
    let label = SecretLabel::vault_key(nobody);
    stores.put_sealed(label, &sealed(1)).await.expect_err("there is no such account");
    stores.add_sealed(label, &sealed(1)).await.expect_err("there is no such account");
}

/// Replicas that start together use one.
pub async fn of_secrets_added_at_once_one_is_kept(stores: Subject) {
    let secrets: Vec<_> = (1..=8).map(sealed).collect();
    let added = join_all(secrets.iter().map(|secret| stores.add_sealed(LABEL, secret))).await;
    let there = stores.sealed(LABEL).await.expect("asked").expect("a secret");
    assert!(secrets.contains(&there));
    for added in added {
        assert_eq!(added.expect("added"), there);
    }
}

/// What somebody has changed meanwhile is not written over.
pub async fn a_secret_is_replaced_where_it_is_still_there(stores: Subject) {
    let replace = async |old, new| {
        let done = stores.replace_sealed(LABEL, &sealed(old), &sealed(new)).await;
        done.expect("asked")
    };
    assert!(!replace(1, 2).await, "there is none");
    stores.put_sealed(LABEL, &sealed(1)).await.expect("put");
    assert!(replace(1, 2).await);
    assert!(!replace(1, 3).await, "it is another by now");
    let other = SealedSecret { secret: vec![9], ..sealed(2) };
    assert!(!stores.replace_sealed(LABEL, &other, &sealed(3)).await.expect("asked"));
    assert_eq!(stores.sealed(LABEL).await.expect("asked"), Some(sealed(2)));
}

/// And nobody else's.
pub async fn a_secret_is_removed(stores: Subject) {
    let other = SecretLabel::vault_key(other_account(&stores).await.id);
    let first = SecretLabel::vault_key(AccountId::DEFAULT);
    for label in [LABEL, first, other] {
        stores.put_sealed(label, &sealed(1)).await.expect("put");
    }
    assert!(stores.remove_sealed(first).await.expect("asked"));
    assert!(!stores.remove_sealed(first).await.expect("asked"));
    assert_eq!(stores.sealed(first).await.expect("asked"), None);
    for label in [LABEL, other] {
        assert_eq!(stores.sealed(label).await.expect("asked"), Some(sealed(1)));
    }
}

/// Of those that are asked for, and no secret of another name counts.
pub async fn it_is_told_which_accounts_have_a_secret(stores: Subject) {
    let other = other_account(&stores).await.id;
    let nobody = AccountId::try_from(999).expect("an id");
    let asked = async |accounts: &[AccountId]| {
        stores.sealed_for(SecretName::VaultKey, accounts).await.expect("asked")
    };
    stores.put_sealed(LABEL, &sealed(1)).await.expect("put");
    assert_eq!(asked(&[AccountId::DEFAULT, other, nobody]).await, []);
    stores.put_sealed(SecretLabel::vault_key(other), &sealed(1)).await.expect("put");
    assert_eq!(asked(&[nobody, AccountId::DEFAULT, other]).await, [other]);
    assert_eq!(asked(&[AccountId::DEFAULT]).await, []);
    assert_eq!(asked(&[]).await, []);
}

/// Each once, however many there are.
pub async fn secrets_are_listed_by_account(stores: Subject) {
    let other = other_account(&stores).await.id;
    let labels = [
        LABEL,
        SecretLabel::vault_key(AccountId::DEFAULT),
        SecretLabel { account: other, ..LABEL },
        SecretLabel::vault_key(other),
    ];
    let kept: BTreeMap<_, _> = labels.into_iter().zip((1..).map(sealed)).collect();
    for (label, secret) in &kept {
        stores.put_sealed(*label, secret).await.expect("put");
    }
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let page = stores.list_sealed(after).await.expect("asked");
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        listed.extend(page);
    }
    assert_eq!(listed, Vec::from_iter(kept));
}
