//! Accounts: made, listed, read.

use actix_web::test::TestRequest;
use rstest::rstest;
use serde_json::Value;

use super::{ACCOUNTS, refused, with_acme};
use crate::harness::{World, authorized};

#[actix_web::test]
async fn an_account_is_made_and_read_again() {
    let world = World::new().await;
    let made = world.tell("POST", ACCOUNTS, "{Name:' acme '}").await;
    assert_eq!(made.status, 200);
    let text = String::from_utf8(made.body).expect("text");
    insta::assert_snapshot!(text, @r#"{"id":2,"name":"acme","mode":null,"hasVaultKey":false,"connectedAccount":null,"ratePerMinute":1000,"ratePerDay":180000,"defaultChoice":"leave","disabled":false,"disabledTimestamp":null}"#);
    let read = world.ask("GET", "/Admin/Accounts/2/").await;
    assert_eq!((read.status.as_u16(), read.body), (200, text.into_bytes()));
}

#[actix_web::test]
async fn accounts_are_listed_from_either_end() {
    let world = with_acme().await;
    world.tell("POST", ACCOUNTS, "{name:'wile'}").await;
    for (query, expected) in [
        ("", &["default", "acme", "wile"][..]),
        ("?sortOrder=Descending&pageSize=2", &["wile", "acme"]),
        ("?pageSize=2&pageNumber=1", &["wile"]),
    ] {
        let list = world.ask("GET", &format!("{ACCOUNTS}{query}")).await.json();
        let name = |account: &Value| account["name"].as_str().expect("a name").to_owned();
        let names: Vec<_> = list.as_array().expect("a list").iter().map(name).collect();
        assert_eq!(names, expected);
    }
    let page = world.ask("GET", &format!("{ACCOUNTS}?pageSize=2")).await;
    assert_eq!(page.list_headers(), ["2", "3", "0", "1", "-1", "2", "1", "Ascending", "id"]);
}

#[rstest]
#[case("{}", &["name is required."])]
#[case("{name:7}", &["name must be a text."])]
#[case("{name:'Acme'}", &["name must be 1 to 50 of the characters a-z, 0-9 and -."])]
#[case("{name:'acme',limit:5}", &["The body takes name, and nothing else."])]
#[case("[]", &["The request body must be a JSON object."])]
#[actix_web::test]
async fn what_can_t_be_an_account_is_told(#[case] body: &str, #[case] expected: &[&str]) {
    let world = World::new().await;
    refused(&world.tell("POST", ACCOUNTS, body).await, 400, expected);
    let listed = world.ask("GET", ACCOUNTS).await;
    assert_eq!(listed.header("x-maxcount"), Some("1"), "nothing was written");
}

#[actix_web::test]
async fn a_name_is_taken_once_and_its_owner_can_ask_again() {
    let world = World::new().await;
    let create = |key: &str, name: &str| {
        let request = authorized(TestRequest::post().uri(ACCOUNTS));
        let request = request.insert_header(("Idempotency-Key", key));
        request.set_payload(format!("{{name:'{name}'}}"))
    };
    let first = world.send(create("a", "acme")).await;
    let again = world.send(create("a", "acme")).await;
    assert_eq!((again.json(), again.header("idempotent-replayed")), (first.json(), Some("true")));
    for replayed in [None, Some("true")] {
        let taken = world.send(create("b", "acme")).await;
        refused(&taken, 409, &["There is an account named acme already."]);
        assert_eq!(taken.header("idempotent-replayed"), replayed);
    }
    assert_eq!(world.send(create("b", "wile")).await.status, 422);
}

#[actix_web::test]
async fn a_card_number_is_no_name() {
    let world = World::new().await;
    let refused = world.tell("POST", ACCOUNTS, "{name:'4242-4242-4242-4242'}").await;
    assert_eq!(refused.status, 400);
    let told = refused.values().concat();
    assert!(told.starts_with("The field name holds what looks like a card number."), "{told}");
}
