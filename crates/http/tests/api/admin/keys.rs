//! API keys of accounts.

use actix_web::test::TestRequest;
use rstest::rstest;
use serde_json::{Value, json};

use super::{ACCOUNTS, refused, with_acme};
use crate::harness::{World, authorization};

const OWN: &str = "/admin/accounts/1/keys";
const KEYS: &str = "/admin/accounts/2/keys";

/// What this key is answered by an operation.
async fn status(world: &World, key: &str, path: &str) -> u16 {
    let request = TestRequest::get().uri(path);
    world.send(request.insert_header(("Authorization", format!("Basic {key}")))).await.status.into()
}

#[actix_web::test]
async fn a_key_is_told_once_and_good_for_what_it_is_for() {
    let world = with_acme().await;
    let body = "{label:'billing, 2027',scopes:['read'],expiresAt:'2027-01-31'}";
    let made = world.tell("POST", KEYS, body).await;
    assert_eq!(made.status, 200);
    let mut made = made.json();
    let key = made["key"].as_str().expect("a key").to_owned();
    made.as_object_mut().expect("an object").remove("key");
    assert_eq!(
        made,
        json!({
            "id": 2, "label": "billing, 2027", "scopes": ["read"],
            "createdTimestamp": "2027-01-15T08:00:00Z", "expiresAt": "2027-02-01T00:00:00Z",
            "lastUsedTimestamp": null, "revokedTimestamp": null,
        })
    );
    assert_eq!(key.len(), 88);
    let listed = world.ask("GET", KEYS).await;
    assert_eq!(listed.json(), json!([made]), "of it there is no more to be read");
    assert_eq!(status(&world, &key, "/v1/customers").await, 200);
    assert_eq!(status(&world, &key, ACCOUNTS).await, 403);
}

#[rstest]
#[case("")]
#[case("{}")]
#[case("{label:'',expiresAt:null}")]
#[actix_web::test]
async fn unless_told_otherwise_a_key_may_do_all_but_the_operators_for_good(#[case] body: &str) {
    let world = with_acme().await;
    let made = world.tell("POST", KEYS, body).await.json();
    assert_eq!(made["scopes"], json!(["import", "read", "manage"]));
    assert_eq!((&made["label"], &made["expiresAt"]), (&json!(""), &Value::Null));
}

#[rstest]
#[case("{label:null,scopes:[],expiresAt:'soon'}", &["label must be a text.", "scopes must be a list of one or more of import, read, manage, admin.", "expiresAt must be a day, 2027-01-31, or a time, 2027-01-31T12:00:00Z."])]
#[case("{scopes:'read'}", &["scopes must be a list of one or more of import, read, manage, admin."])]
#[case("{scopes:['read','all']}", &["scopes must be a list of one or more of import, read, manage, admin."])]
#[case("{label:'a\\nb'}", &["label must be at most 100 characters, none of them a control character."])]
#[case("{expires:'2027-01-31'}", &["The body takes label, scopes, expiresAt, and nothing else."])]
#[case("{expiresAt:'2027-01-14'}", &["A key must expire later than now: 2027-01-15 00:00:00 UTC has passed."])]
#[case("{scopes:['read','admin']}", &["The scope admin stands above accounts: only keys of the account default may have it."])]
#[actix_web::test]
async fn a_key_that_can_not_be_is_not_made(#[case] body: &str, #[case] expected: &[&str]) {
    let world = with_acme().await;
    refused(&world.tell("POST", KEYS, body).await, 400, expected);
    assert_eq!(world.ask("GET", KEYS).await.json(), json!([]));
}

#[actix_web::test]
async fn an_operator_makes_a_key_for_another_who_revokes_the_first() {
    let world = World::new().await;
    let made = world.tell("POST", OWN, "{scopes:['admin']}").await.json();
    let second = made["key"].as_str().expect("a key");
    assert_eq!(status(&world, second, ACCOUNTS).await, 200);
    let own = world.ask("DELETE", &format!("{OWN}/1")).await;
    let value = "This API key can't be revoked with itself: use another key for it, or the command \
                 `cardlift key revoke`.";
    refused(&own, 409, &[value]);
    assert_eq!(world.ask("GET", ACCOUNTS).await.status, 200, "it is as good as before");
    let request = TestRequest::delete().uri(&format!("{OWN}/1"));
    let request = request.insert_header(("Authorization", format!("Basic {second}")));
    assert_eq!(world.send(request).await.status, 204);
    let request = TestRequest::get().uri(ACCOUNTS);
    let request = request.insert_header(("Authorization", authorization()));
    assert_eq!(world.send(request).await.status, 401);
}

#[actix_web::test]
async fn a_revoked_key_is_let_in_no_more_and_stays_in_the_list() {
    let world = with_acme().await;
    let made = world.tell("POST", KEYS, "").await.json();
    let key = made["key"].as_str().expect("a key");
    for _ in 0..2 {
        let revoked = world.ask("DELETE", &format!("{KEYS}/2")).await;
        assert_eq!((revoked.status.as_u16(), revoked.body.len()), (204, 0));
        assert_eq!(status(&world, key, "/v1/customers").await, 401);
        world.pass(std::time::Duration::from_secs(1));
    }
    let listed = world.ask("GET", KEYS).await.json();
    assert_eq!(listed[0]["revokedTimestamp"], json!("2027-01-15T08:00:00Z"), "the first time");
    for (path, value) in [
        (format!("{OWN}/2"), "API key with id 2 not found."),
        (format!("{KEYS}/1"), "API key with id 1 not found."),
        (format!("{ACCOUNTS}/9/keys/1"), "API key with id 1 not found."),
    ] {
        refused(&world.ask("DELETE", &path).await, 404, &[value]);
    }
    let wrong = world.ask("DELETE", &format!("{KEYS}/x")).await;
    let value = "keyId must be a whole number from 1 to 9223372036854775807.";
    refused(&wrong, 400, &[value]);
}

#[actix_web::test]
async fn keys_are_listed_from_either_end() {
    let world = with_acme().await;
    for label in ["a", "b", "c"] {
        world.tell("POST", KEYS, &format!("{{label:'{label}'}}")).await;
    }
    let page = world.ask("GET", &format!("{KEYS}?sortOrder=Descending&pageSize=2")).await;
    let label = |key: &Value| key["label"].as_str().expect("a label").to_owned();
    let list = page.json();
    let labels: Vec<_> = list.as_array().expect("a list").iter().map(label).collect();
    assert_eq!(labels, ["c", "b"]);
    assert_eq!(page.list_headers(), ["2", "3", "0", "1", "-1", "2", "1", "Descending", "id"]);
}
