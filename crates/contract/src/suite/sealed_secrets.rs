//! Cases of `SealedSecretStore`.

use std::collections::BTreeMap;

use cardlift_core::account::AccountId;
use cardlift_core::ports::ModeBinding;
use cardlift_core::sealed::{MasterKeyId, SealedSecret, SecretLabel, SecretName};
use cardlift_core::vault::VaultMode;
use futures_util::future::join_all;

use super::Subject;
use super::data::{ACCOUNT, card, load_customers, other_account, payment_method};
use super::payment_methods::save;

const LABEL: SecretLabel = SecretLabel::API_KEY_HASH;

/// Bytes that a store of text would break.
fn sealed(number: u8) -> SealedSecret {
    let master_key = MasterKeyId::parse(&format!("{number:016x}")).expect("an id");
    SealedSecret { master_key, key: vec![0, number, 255], secret: vec![number; 1_000] }
}

async fn add(stores: &Subject, label: SecretLabel, secret: &SealedSecret) {
    assert_eq!(stores.add_sealed(label, secret).await.expect("added"), *secret);
}

async fn put(stores: &Subject, mode: VaultMode, number: u8) -> ModeBinding {
    stores.put_vault_key(ACCOUNT, mode, &sealed(number)).await.expect("asked")
}

/// What was put there is there, whole, and what was there before is not; and the account is of its mode.
pub async fn a_vault_key_is_kept_as_it_was_put(stores: Subject) {
    let label = SecretLabel::vault_key(ACCOUNT);
    assert_eq!(stores.sealed(label).await.expect("asked"), None);
    for (number, mode) in
        [(1, VaultMode::Test), (2, VaultMode::Test), (2, VaultMode::Test), (3, VaultMode::Live)]
    {
        let done = put(&stores, mode, number).await;
        let account = stores.get(ACCOUNT).await.expect("asked").expect("an account");
        assert_eq!(account.mode, Some(mode));
        assert_eq!(done, ModeBinding::Bound(account));
        assert_eq!(stores.sealed(label).await.expect("asked"), Some(sealed(number)));
    }
    let nobody = AccountId::try_from(999).expect("an id");
    let missing = stores.put_vault_key(nobody, VaultMode::Live, &sealed(1)).await;
    assert_eq!(missing.expect("asked"), ModeBinding::NoAccount);
    let label = SecretLabel::vault_key(nobody);
    assert_eq!(stores.sealed(label).await.expect("asked"), None);
    stores.add_sealed(label, &sealed(1)).await.expect_err("there is no such account");
}

/// The one that it has stays.
pub async fn an_account_with_payment_methods_gets_no_vault_key_of_the_other_mode(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    assert!(matches!(put(&stores, VaultMode::Test, 1).await, ModeBinding::Bound(_)));
    save(&stores, &payment_method(1, card("a")), 1).await;
    let refused = put(&stores, VaultMode::Live, 2).await;
    assert_eq!(refused, ModeBinding::OtherMode(VaultMode::Test));
    let label = SecretLabel::vault_key(ACCOUNT);
    assert_eq!(stores.sealed(label).await.expect("asked"), Some(sealed(1)));
    assert!(matches!(put(&stores, VaultMode::Test, 3).await, ModeBinding::Bound(_)));
    assert_eq!(stores.sealed(label).await.expect("asked"), Some(sealed(3)));
}

/// The one that stays would not be used in an account of the other mode.
pub async fn of_vault_keys_put_at_once_one_is_kept_with_its_mode(stores: Subject) {
    let mode =
        |number: u8| if number.is_multiple_of(2) { VaultMode::Live } else { VaultMode::Test };
    let puts = (1..=16).map(|number| {
        let stores = stores.clone();
        tokio::spawn(async move { put(&stores, mode(number), number).await })
    });
    for done in join_all(puts).await {
        assert!(matches!(done.expect("no panic"), ModeBinding::Bound(_)));
    }
    let kept = stores.sealed(SecretLabel::vault_key(ACCOUNT)).await.expect("asked");
    let kept = kept.expect("a key").secret.first().copied().expect("a number");
    let account = stores.get(ACCOUNT).await.expect("asked").expect("an account");
    assert_eq!(account.mode, Some(mode(kept)));
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
    add(&stores, LABEL, &sealed(1)).await;
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
        add(&stores, label, &sealed(1)).await;
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
    add(&stores, LABEL, &sealed(1)).await;
    assert_eq!(asked(&[AccountId::DEFAULT, other, nobody]).await, []);
    add(&stores, SecretLabel::vault_key(other), &sealed(1)).await;
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
        add(&stores, *label, secret).await;
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
