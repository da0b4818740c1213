//! Stripe keys of accounts.

use cardlift_core::account::AccountId;
use cardlift_core::ports::SealedSecretStore as _;
use cardlift_core::sealed::SecretLabel;
use rstest::rstest;
use serde_json::json;

use super::{ACCOUNTS, refused, with_acme};
use crate::harness::World;

const KEY: &str = "/admin/accounts/2/vaultKey";

/// What is kept of the key of account 2.
async fn kept(world: &World) -> Option<Vec<u8>> {
    let account = AccountId::try_from(2).expect("an id");
    let sealed = world.stores.sealed(SecretLabel::vault_key(account)).await.expect("asked");
    sealed.map(|sealed| sealed.secret)
}

#[actix_web::test]
async fn a_key_is_sealed_binds_the_account_and_is_not_told_again() {
    let world = with_acme().await;
    let set = world.tell("PUT", KEY, "{key:' sk_live_hunter2 '}").await;
    assert_eq!(set.status, 200);
    assert!(!String::from_utf8_lossy(&set.body).contains("hunter2"));
    let account = set.json();
    assert_eq!((&account["mode"], &account["hasVaultKey"]), (&json!("live"), &json!(true)));
    assert_eq!(kept(&world).await, Some(b"2retnuh_evil_ks".to_vec()));
    assert_eq!(world.ask("GET", "/admin/accounts/2").await.json(), account);
    let listed = world.ask("GET", ACCOUNTS).await.json();
    assert_eq!((&listed[0]["hasVaultKey"], &listed[1]), (&json!(false), &account));
}

#[actix_web::test]
async fn a_key_that_is_taken_away_leaves_the_mode() {
    let world = with_acme().await;
    world.tell("PUT", KEY, "{key:'sk_test_1'}").await;
    let gone = world.ask("DELETE", KEY).await;
    assert_eq!((gone.status.as_u16(), gone.body.len()), (204, 0));
    assert_eq!(kept(&world).await, None);
    let account = world.ask("GET", "/admin/accounts/2").await.json();
    assert_eq!((&account["mode"], &account["hasVaultKey"]), (&json!("test"), &json!(false)));
    let again = world.ask("DELETE", KEY).await;
    refused(&again, 404, &["Account acme has no Stripe key of its own."]);
}

#[rstest]
#[case("{}", &["key is required."])]
#[case("{key:7}", &["key must be a text."])]
#[case("{key:'sk_test_1',mode:'live'}", &["The body takes key, and nothing else."])]
#[case("{key:'pk_live_hunter2'}", &["key can't be used: the Stripe API key must start with sk_."])]
#[actix_web::test]
async fn what_is_no_key_is_refused_and_not_repeated(#[case] body: &str, #[case] values: &[&str]) {
    let world = with_acme().await;
    refused(&world.tell("PUT", KEY, body).await, 400, values);
    assert_eq!(kept(&world).await, None);
}

#[actix_web::test]
async fn an_account_with_cards_takes_no_key_of_the_other_mode() {
    let world = World::new().await;
    let path = format!("{ACCOUNTS}/1/vaultKey");
    assert_eq!(world.tell("PUT", &path, "{key:'sk_live_1'}").await.status, 200);
    assert_eq!(world.tell("PUT", &path, "{key:'sk_test_1'}").await.status, 200, "it is empty");
    world.imported("card_1").await;
    let value = "The key is for live mode, and the account has cards or jobs of test mode, which it \
                 can't read: make an account of its own for live mode.";
    refused(&world.tell("PUT", &path, "{key:'sk_live_1'}").await, 409, &[value]);
    assert_eq!(world.tell("PUT", &path, "{key:'sk_test_2'}").await.status, 200);
}
