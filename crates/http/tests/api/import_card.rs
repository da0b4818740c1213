//! The endpoint, when all goes well.

use cardlift_core::account::AccountId;
use cardlift_core::customer::CustomerId;
use cardlift_core::page::{PageRequest, SortOrder};
use cardlift_core::ports::{PaymentMethodFilter, PaymentMethodStore as _};
use rstest::rstest;

use crate::harness::{BODY, World, authorized, import};

#[actix_web::test]
async fn a_card_is_imported_and_answered() {
    let world = World::new().await;
    let answer = world.send(import(BODY)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let text = String::from_utf8(answer.body).expect("text");
    insta::assert_snapshot!(text, @r#"{"maskedCardNumber":"************4242","cardType":"Visa","expirationMonth":11,"expirationYear":17,"customerId":1,"firstName":"John","lastName":"Doe","address1":"","address2":"","countryId":null,"country":"","stateId":null,"state":"","city":"","postalZip":"","isDefault":false,"externalCustomerId":"cus_1","externalCardId":"card_1","storedInFusebillVault":false,"id":1,"uri":null}"#);
}

#[rstest]
#[case("{customerId:1,stripeCustomerId:\"cus_1\",stripeCardId:\"card_1\"}")]
#[case("{'customerId':1,'stripeCustomerId':'cus_1','stripeCardId':'card_1'}")]
#[case("\u{feff}{\"CustomerID\":\"1\",\"stripecustomerid\":\"cus_1\",\"STRIPECARDID\":\"card_1\"}")]
#[actix_web::test]
async fn each_spelling_of_the_body_gives_the_same_card(#[case] body: &'static str) {
    let world = World::new().await;
    let strict = world.send(import(BODY)).await;
    let lenient = world.send(import(body)).await;
    assert_eq!((strict.status, &strict.body), (lenient.status, &lenient.body));
}

#[rstest]
#[case("application/json; charset=utf-8")]
#[case("Text/JSON")]
#[case("")]
#[actix_web::test]
async fn each_content_type_that_clients_send_is_taken(#[case] content_type: &str) {
    let world = World::new().await;
    let request = import(BODY).insert_header(("Content-Type", content_type));
    assert_eq!(world.send(request).await.status, 200);
}

#[actix_web::test]
async fn the_path_may_be_in_any_letter_case_and_end_in_a_slash() {
    let world = World::new().await;
    let request = authorized(import(BODY).uri("/V1/PaymentMethodImport/STRIPE/?x=1"));
    assert_eq!(world.send(request).await.status, 200);
}

#[actix_web::test]
async fn the_default_moves_only_where_that_is_asked_for() {
    let world = World::new().await;
    let body = |card: &str, default: bool| {
        format!(
            "{{customerId:1,stripeCustomerId:'cus_1',stripeCardId:'{card}',isDefault:{default}}}"
        )
    };
    let asked = world.send(import(body("card_1", true))).await;
    assert_eq!(asked.json()["isDefault"], true);
    let again = world.send(import(body("card_1", false))).await;
    assert_eq!(again.json()["isDefault"], true, "importing it again leaves the default");
    let other = world.send(import(body("card_2", false))).await;
    assert_eq!(other.json()["isDefault"], false);
}

#[actix_web::test]
async fn a_caller_who_hangs_up_has_the_card_imported_all_the_same() {
    let world = World::new().await;
    let held = world.hold_vault();
    drop(world.send_to_vault(import(BODY)).await);
    held.add_permits(1);
    let customer = CustomerId::try_from(1).expect("an id");
    let filter = PaymentMethodFilter { customer, kind: None };
    let (order, page) = (SortOrder::Ascending, PageRequest::default());
    loop {
        let cards = world.stores.list(AccountId::DEFAULT, filter, order, page).await;
        if cards.expect("a list").total > 0 {
            break;
        }
        tokio::task::yield_now().await;
    }
}
