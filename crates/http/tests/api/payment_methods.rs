//! Payment methods that are there.

use rstest::rstest;
use serde_json::Value;

use crate::harness::World;

const ALL: &str = "/v1/customers/1/paymentMethods/all";

/// The external ids of a list, in its order.
async fn listed(world: &World, uri: &str) -> Vec<String> {
    let answer = world.ask("GET", uri).await;
    assert_eq!(answer.status, 200, "{uri}");
    let list = answer.json();
    let id = |method: &Value| method["externalCardId"].as_str().expect("an id").to_owned();
    list.as_array().expect("a bare array").iter().map(id).collect()
}

/// Customer 1 with a card, a bank account and a card.
async fn three() -> (World, [i64; 3]) {
    let world = World::new().await;
    let ids = [
        world.imported("card_a").await,
        world.imported("ba_b").await,
        world.imported("card_c").await,
    ];
    (world, ids)
}

#[rstest]
#[case(ALL, &["card_a", "ba_b", "card_c"])]
#[case("/v1/customers/1/paymentMethods/creditCard", &["card_a", "card_c"])]
#[case("/v1/customers/1/paymentMethods/achCard", &["ba_b"])]
#[case("/v1/customers/1/paymentmethods", &["card_a", "ba_b", "card_c"])]
#[case("/v1/customers/1/CreditCards", &["card_a", "card_c"])]
#[case("/V1/Customers/1/PAYMENTMETHODS/All/?sortOrder=descending&PageSize=2", &["card_c", "ba_b"])]
#[actix_web::test]
async fn each_list_has_what_it_is_of(#[case] uri: &str, #[case] expected: &[&str]) {
    let (world, _) = three().await;
    assert_eq!(listed(&world, uri).await, expected);
}

#[actix_web::test]
async fn a_page_says_where_it_stands() {
    let (world, _) = three().await;
    let answer = world.ask("GET", &format!("{ALL}?pageNumber=1&pageSize=1")).await;
    assert_eq!(answer.list_headers(), ["1", "3", "1", "2", "0", "1", "2", "Ascending", "id"]);
}

#[rstest]
#[case("", "3 3 0 -1 -1 100 0")]
#[case("?pageSize=2", "2 3 0 1 -1 2 1")]
#[case("?pageSize=2&pageNumber=1", "1 3 1 -1 0 2 1")]
#[case("?pageSize=2&pageNumber=9", "0 3 9 -1 1 2 1")]
#[actix_web::test]
async fn the_first_and_the_last_page_have_no_neighbour(
    #[case] query: &str,
    #[case] expected: &str,
) {
    let (world, _) = three().await;
    let answer = world.ask("GET", &format!("{ALL}{query}")).await;
    assert_eq!(answer.list_headers::<7>().join(" "), expected);
}

#[rstest]
#[case("?pageNumber=-1", &["pageNumber must be a whole number from 0 to 4294967295."])]
#[case("?pageSize=0", &["pageSize must be a whole number from 1 to 1000."])]
#[case("?pageSize=ten", &["pageSize must be a whole number from 1 to 1000."])]
#[case("?pageSize=1&PAGESIZE=2", &["pageSize must be given once."])]
#[case("?sortOrder=up", &["sortOrder must be Ascending or Descending."])]
#[case("?sortExpression=name&sortOrder=x", &["sortOrder must be Ascending or Descending.", "sortExpression must be id or createdTimestamp."])]
#[actix_web::test]
async fn a_query_that_can_t_be_is_told_by_its_parts(
    #[case] query: &str,
    #[case] expected: &[&str],
) {
    let (world, _) = three().await;
    let answer = world.ask("GET", &format!("{ALL}{query}")).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.values(), expected);
}

#[actix_web::test]
async fn an_unknown_customer_has_no_list_and_an_id_is_a_number() {
    let world = World::new().await;
    let answer = world.ask("GET", "/v1/customers/9/paymentMethods/all").await;
    assert_eq!(
        (answer.status.as_u16(), answer.values()),
        (404, vec!["Customer with id 9 not found.".into()])
    );
    assert_eq!(answer.header("x-count"), None, "list headers are on lists alone");
    let answer = world.ask("GET", "/v1/customers/nine/paymentMethods/all").await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.values(), ["id must be a whole number from 1 to 9223372036854775807."]);
}

#[actix_web::test]
async fn one_is_read_as_the_kind_that_it_is() {
    let (world, [card, bank_account, _]) = three().await;
    let answer = world.ask("GET", &format!("/v1/paymentMethods/{card}/creditCard")).await;
    assert_eq!(answer.json()["maskedCardNumber"], "************4242");
    let answer = world.ask("GET", &format!("/v1/paymentMethods/{bank_account}/AchCard/")).await;
    assert_eq!(answer.json()["maskedAccountNumber"], "****6789");
    let answer = world.ask("GET", &format!("/v1/paymentMethods/{card}/achCard")).await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.values(), [format!("Payment method with id {card} not found.")]);
}

#[actix_web::test]
async fn what_is_deleted_is_gone_until_it_is_imported_again() {
    let (world, [card, ..]) = three().await;
    let uri = format!("/v1/paymentMethods/{card}/creditCard");
    let answer = world.ask("DELETE", &uri).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (204, 0));
    for verb in ["GET", "DELETE"] {
        assert_eq!(world.ask(verb, &uri).await.status, 404);
    }
    assert_eq!(listed(&world, ALL).await, ["ba_b", "card_c"]);
    assert_eq!(world.imported("card_a").await, card, "under the id that it had");
    assert_eq!(listed(&world, ALL).await, ["card_a", "ba_b", "card_c"]);
}

#[actix_web::test]
async fn a_default_is_not_deleted_while_there_are_others() {
    let (world, [card, bank_account, other]) = three().await;
    let uri = format!("/v1/paymentMethods/makeDefault?id={bank_account}&customerId=1");
    let answer = world.ask("POST", &uri).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["isDefault"]), (200, &Value::from(true)));
    let default = format!("/v1/paymentMethods/{bank_account}/achCard");
    let answer = world.ask("DELETE", &default).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.values(),
        ["Cannot delete a default payment method. Make another one the default first."]
    );
    for id in [card, other] {
        let uri = format!("/v1/paymentMethods/{id}/creditCard");
        assert_eq!(world.ask("DELETE", &uri).await.status, 204);
    }
    assert_eq!(world.ask("DELETE", &default).await.status, 204, "the last one");
}

#[rstest]
#[case("customerId=1", 200)]
#[case("CUSTOMERID=1&type=achCard", 200)]
#[case("type=creditcard", 200)]
#[case("type=achCard", 404)]
#[case("customerId=2", 404)]
#[case("type=other", 400)]
#[case("customerId=x", 400)]
#[case("", 400)]
#[actix_web::test]
async fn a_default_is_made_by_the_customer_or_the_kind(#[case] query: &str, #[case] status: u16) {
    let (world, [card, ..]) = three().await;
    let uri = format!("/v1/paymentMethods/makeDefault?id={card}&{query}");
    let answer = world.ask("POST", &uri).await;
    assert_eq!(answer.status.as_u16(), status);
    let read = world.ask("GET", &format!("/v1/paymentMethods/{card}/creditCard")).await;
    assert_eq!(read.json()["isDefault"], status == 200);
}

#[rstest]
#[case("GET", ALL)]
#[case("GET", "/v1/paymentMethods/1/creditCard")]
#[case("DELETE", "/v1/paymentMethods/1/achCard")]
#[case("POST", "/v1/paymentMethods/makeDefault?id=1&customerId=1")]
#[actix_web::test]
async fn nobody_gets_in_without_a_key(#[case] verb: &str, #[case] uri: &str) {
    let request = actix_web::test::TestRequest::default();
    let request = request.method(verb.parse().expect("a verb")).uri(uri);
    let answer = World::new().await.send(request).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.values().len(), 1);
}
