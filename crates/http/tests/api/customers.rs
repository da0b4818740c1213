//! Customers.

use actix_web::test::TestRequest;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{Answer, World, authorized};

const CUSTOMERS: &str = "/v1/customers";

async fn send(world: &World, verb: &str, body: &str) -> Answer {
    let request = TestRequest::default().method(verb.parse().expect("a verb")).uri(CUSTOMERS);
    let request = authorized(request).insert_header(("Content-Type", "application/json"));
    world.send(request.set_payload(body.to_owned())).await
}

async fn created(world: &World, body: &str) -> Value {
    let answer = send(world, "POST", body).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json());
    answer.json()
}

/// The ids of a list, in its order.
async fn listed(world: &World, query: &str) -> Vec<i64> {
    let answer = world.ask("GET", &format!("{CUSTOMERS}?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {:?}", answer.json());
    let list = answer.json();
    let id = |customer: &Value| customer["id"].as_i64().expect("an id");
    list.as_array().expect("a bare array").iter().map(id).collect()
}

#[actix_web::test]
async fn a_customer_is_created_as_a_draft_and_read_again() {
    let world = World::new().await;
    let body = "{FirstName:'Ana',lastName:'Lima',primaryEmail:' a@example.com ',reference:42,\
                currency:'CAD',parentId:1,status:'Active',unknown:[1]}";
    let customer = send(&world, "POST", body).await;
    assert_eq!(customer.status, 200);
    let text = String::from_utf8(customer.body).expect("text");
    insta::assert_snapshot!(text, @r#"{"firstName":"Ana","middleName":null,"lastName":"Lima","companyName":null,"suffix":null,"primaryEmail":"a@example.com","primaryPhone":null,"secondaryEmail":null,"secondaryPhone":null,"title":null,"reference":"42","status":"Draft","customerAccountStatus":"Good","currency":"CAD","parentId":1,"createdTimestamp":"2027-01-15T08:00:00Z","modifiedTimestamp":"2027-01-15T08:00:00Z","id":2,"uri":null}"#);
    let read = world.ask("GET", "/V1/Customers/2/").await;
    assert_eq!((read.status.as_u16(), read.body), (200, text.into_bytes()));
}

#[rstest]
#[case("")]
#[case(" \r\n")]
#[case("{}")]
#[actix_web::test]
async fn a_customer_may_be_blank(#[case] body: &str) {
    let world = World::new().await;
    let customer = created(&world, body).await;
    assert_eq!((&customer["firstName"], &customer["status"]), (&Value::Null, &json!("Draft")));
}

#[actix_web::test]
async fn a_replaced_customer_is_what_the_body_says_and_no_more() {
    let world = World::new().await;
    created(&world, "{firstName:'Ana',lastName:'Lima'}").await;
    let answer = send(&world, "PUT", "{id:'2',status:'hold',firstName:'Eva'}").await;
    assert_eq!(answer.status, 200);
    let customer = world.ask("GET", "/v1/customers/2").await.json();
    assert_eq!(answer.json(), customer);
    let fields = ["firstName", "lastName", "status", "customerAccountStatus"];
    let values = fields.map(|field| customer[field].clone());
    assert_eq!(values, [json!("Eva"), Value::Null, json!("Hold"), json!("Good")]);
}

#[rstest]
#[case("PUT", "{}", 400, &["id is required.", "status is required."])]
#[case("PUT", "{id:1,status:'Gone'}", 400, &["status must be Draft or Active or Hold or Suspended or Cancelled."])]
#[case("PUT", "{id:9,status:'Hold'}", 404, &["Customer with id 9 not found."])]
#[case("PUT", "", 400, &["The request body is not JSON: it is empty, or ends too early."])]
#[case("POST", "{parentId:9}", 404, &["parentId names a customer that there is not: 9."])]
#[case("POST", "{parentId:0,firstName:[]}", 400, &["firstName must be a text.", "parentId must be a whole number from 1 to 9223372036854775807."])]
#[case("POST", "{suffix:'a\\u0000b'}", 400, &["suffix must be at most 255 characters, none of them a control."])]
#[case("POST", "[]", 400, &["The request body must be a JSON object."])]
#[actix_web::test]
async fn what_can_t_be_is_told(
    #[case] verb: &str,
    #[case] body: &str,
    #[case] status: u16,
    #[case] expected: &[&str],
) {
    let world = World::new().await;
    let answer = send(&world, verb, body).await;
    assert_eq!(answer.status.as_u16(), status);
    assert_eq!(answer.values(), expected);
    assert_eq!(listed(&world, "").await, [1], "nothing was written");
}

#[actix_web::test]
async fn a_customer_that_is_not_there_is_not_found() {
    let answer = World::new().await.ask("GET", "/v1/customers/9").await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.values(), ["Customer with id 9 not found."]);
}

#[actix_web::test]
async fn one_key_makes_one_customer() {
    let world = World::new().await;
    let request =
        || authorized(TestRequest::post().uri(CUSTOMERS)).insert_header(("Idempotency-Key", "k"));
    let first = world.send(request()).await;
    let again = world.send(request()).await;
    assert_eq!((again.json(), again.header("idempotent-replayed")), (first.json(), Some("true")));
    assert_eq!(listed(&world, "").await, [1, 2]);
}

/// Customer 1, who is loaded and blank, and 2 to 4.
async fn four() -> World {
    let world = World::new().await;
    for body in [
        "{firstName:'Ana',lastName:'Lima',primaryEmail:'ana@example.com'}",
        "{firstName:'anne',lastName:'Zweig'}",
        "{firstName:'Bob',reference:'r-1'}",
    ] {
        created(&world, body).await;
    }
    world
}

#[rstest]
#[case("", &[1, 2, 3, 4])]
#[case("sortOrder=Descending&pageSize=3", &[4, 3, 2])]
#[case("sortExpression=firstname", &[1, 2, 3, 4])]
#[case("sortExpression=lastName&sortOrder=descending", &[3, 2, 4, 1])]
#[case("query=firstName:AN*", &[2, 3])]
#[case("QUERY=FIRSTNAME:ana,bob", &[2, 4])]
#[case("query=firstName:[empty]", &[1])]
#[case("query=firstName:an*;lastName:*g", &[3])]
#[case("query=id:2|3", &[2, 3])]
#[case("query=id:3%7C", &[3, 4])]
#[case("query=status:draft", &[2, 3, 4])]
#[case("query=status:Active,Hold", &[1])]
#[case("query=createdTimestamp:2027-01-15", &[1, 2, 3, 4])]
#[case("query=createdTimestamp:|2027-01-14", &[])]
#[case("query=primaryEmail:ana@example.com", &[2])]
#[actix_web::test]
async fn a_list_is_searched_and_sorted(#[case] query: &str, #[case] expected: &[i64]) {
    assert_eq!(listed(&four().await, query).await, expected);
}

#[actix_web::test]
async fn a_list_says_where_it_stands() {
    let world = four().await;
    let uri = "/v1/customers?query=status:Draft&pageSize=2&pageNumber=0&sortExpression=LASTNAME";
    let answer = world.ask("GET", uri).await;
    assert_eq!(
        answer.list_headers(),
        ["2", "3", "0", "1", "-1", "2", "1", "Ascending", "lastName"]
    );
}

#[actix_web::test]
async fn every_part_of_a_query_that_can_t_be_is_named() {
    let world = World::new().await;
    let uri = "/v1/customers?pageSize=x&query=id:a;firstName:b;c";
    let answer = world.ask("GET", uri).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.values(),
        [
            "pageSize must be a whole number from 1 to 1000.",
            "query has a part 1 that gives id a value that is no whole number.",
            "query has a part 3 that lacks a colon: write name:value.",
        ]
    );
}
