//! Bank accounts, and connected accounts.

use cardlift_core::account::AccountId;
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::vault::VaultAccount;
use rstest::rstest;

use crate::harness::{BODY, World, import};

const CARD_PATHS: [&str; 2] =
    ["/v1/paymentMethodImport/Stripe", "/v1/paymentMethodImport/stripeConnect"];

fn connected_account() -> ConnectedAccountId {
    ConnectedAccountId::parse("acct_1").expect("an id")
}

async fn connected() -> World {
    let world = World::new().await;
    world.connect().await;
    world
}

#[actix_web::test]
async fn a_bank_account_is_imported_and_answered() {
    let world = World::new().await;
    let body = BODY.replace("card_1", "ba_1");
    let answer = world.send(import(body).uri("/v1/achCardImport/Stripe")).await;
    assert_eq!(answer.status, 200);
    let text = String::from_utf8(answer.body).expect("text");
    insta::assert_snapshot!(text, @r#"{"maskedAccountNumber":"****6789","maskedTransitNumber":"****0000","bankAccountType":"CHQ","customerId":1,"firstName":"Jane","lastName":"Austen","address1":"","address2":"","countryId":null,"country":"","stateId":null,"state":"","city":"","postalZip":"","isDefault":false,"externalCustomerId":"cus_1","externalCardId":"ba_1","storedInFusebillVault":false,"id":1,"uri":null,"accountHolderType":"individual","verificationStatus":"new"}"#);
}

/// One public client has the connected paths swapped.
#[rstest]
#[case("/v1/paymentMethodImport/Stripe", VaultAccount::DEFAULT)]
#[case(
    "/v1/paymentMethodImport/stripeConnect",
    VaultAccount::connected(AccountId::DEFAULT, connected_account())
)]
#[case("/v1/achCardImport/Stripe", VaultAccount::DEFAULT)]
#[case(
    "/V1/ACHCARDIMPORT/STRIPECONNECT/",
    VaultAccount::connected(AccountId::DEFAULT, connected_account())
)]
#[actix_web::test]
async fn each_path_takes_either_object_and_the_vault_says_which_it_is(
    #[case] path: &str,
    #[case] scope: VaultAccount,
) {
    let world = connected().await;
    for (id, field) in [("card_1", "maskedCardNumber"), ("ba_1", "maskedAccountNumber")] {
        let answer = world.send(import(BODY.replace("card_1", id)).uri(path)).await;
        assert_eq!(answer.status, 200);
        assert!(answer.json().get(field).is_some(), "{id} at {path}");
        assert_eq!(world.vault.scope.lock().expect("no panic").as_ref(), Some(&scope));
    }
}

#[actix_web::test]
async fn without_a_connected_account_the_vault_is_not_asked() {
    let world = World::new().await;
    let answer = world.send(import(BODY).uri("/v1/achCardImport/stripeConnect")).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.values(),
        ["This account has no connected Stripe account: its operator has to set one."]
    );
    assert_eq!(world.vault_was_asked(), 0);
}

#[actix_web::test]
async fn one_key_on_two_paths_is_two_requests() {
    let world = connected().await;
    let [own, connected] =
        CARD_PATHS.map(|path| import(BODY).uri(path).insert_header(("Idempotency-Key", "one")));
    assert_eq!(world.send(own).await.status, 200);
    assert_eq!(world.send(connected).await.status, 422);
}
