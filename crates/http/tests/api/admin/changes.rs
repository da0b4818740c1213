//! Accounts, changed: their limits, their default policy, whether they are let in.

use rstest::rstest;
use serde_json::json;

use super::{ACCOUNTS, refused, with_acme};
use crate::harness::{World, authorization_of};

use actix_web::test::TestRequest;
use cardlift_core::account::AccountId;

const ACME: &str = "/admin/accounts/2";

#[actix_web::test]
async fn what_is_given_is_changed_and_nothing_else() {
    let world = with_acme().await;
    let all = "{connectedAccount:'acct_1',ratePerMinute:5,ratePerDay:null,defaultChoice:'replace',\
               disabled:true}";
    let changed = world.tell("PATCH", ACME, all).await;
    assert_eq!(changed.status, 200);
    let expected = json!({
        "id": 2, "name": "acme", "mode": null, "hasVaultKey": false, "connectedAccount": "acct_1",
        "ratePerMinute": 5, "ratePerDay": null, "defaultChoice": "replace", "disabled": true,
        "disabledTimestamp": "2027-01-15T08:00:00Z",
    });
    assert_eq!(changed.json(), expected);
    for nothing in ["", "{}"] {
        assert_eq!(world.tell("PATCH", ACME, nothing).await.json(), expected);
    }
    let other = world.tell("PATCH", ACME, "{connectedAccount:null,disabled:false}").await.json();
    let fields = ["connectedAccount", "disabled", "disabledTimestamp", "ratePerMinute"];
    let values = fields.map(|field| other[field].clone());
    assert_eq!(values, [json!(null), json!(false), json!(null), json!(5)]);
    assert_eq!(world.ask("GET", ACME).await.json(), other);
}

#[rstest]
#[case("{disabled:true,ratePerDay:0}", &["ratePerDay must be a whole number from 1 to 4294967295, or null."])]
#[case("{disabled:true,name:'other'}", &["The body takes connectedAccount, ratePerMinute, ratePerDay, defaultChoice, disabled, and nothing else."])]
#[case("{disabled:true,defaultChoice:'keep',connectedAccount:'cus_1'}", &["connectedAccount must start with acct_.", "defaultChoice must be leave or replace."])]
#[actix_web::test]
async fn where_one_change_can_t_be_made_none_is(#[case] body: &str, #[case] expected: &[&str]) {
    let world = with_acme().await;
    let before = world.ask("GET", ACME).await.json();
    refused(&world.tell("PATCH", ACME, body).await, 400, expected);
    assert_eq!(world.ask("GET", ACME).await.json(), before);
}

#[actix_web::test]
async fn keys_of_a_disabled_account_are_not_let_in() {
    let world = with_acme().await;
    let acme = AccountId::try_from(2).expect("an id");
    world.add_key("acme", |key| key.account = acme).await;
    let status = async || {
        let request = TestRequest::get().uri("/v1/customers");
        let request = request.insert_header(("Authorization", authorization_of("acme")));
        world.send(request).await.status.as_u16()
    };
    assert_eq!(status().await, 200);
    world.tell("PATCH", ACME, "{disabled:true}").await;
    assert_eq!(status().await, 401);
    world.tell("PATCH", ACME, "{disabled:false}").await;
    assert_eq!(status().await, 200);
}

/// It would shut out whoever asks for it, and everybody who could let them in again.
#[actix_web::test]
async fn the_default_account_can_t_be_disabled() {
    let world = World::new().await;
    let path = format!("{ACCOUNTS}/1");
    let before = world.ask("GET", &path).await.json();
    let answer = world.tell("PATCH", &path, "{ratePerDay:7,disabled:true}").await;
    let value = "The account of this API key can't be disabled with it: that would let in nobody \
                 who could enable it. The command `cardlift account disable` does it.";
    refused(&answer, 409, &[value]);
    assert_eq!(world.ask("GET", &path).await.json(), before, "nor is anything else changed");
    let changed = world.tell("PATCH", &path, "{ratePerDay:7,disabled:false}").await;
    assert_eq!((changed.status.as_u16(), &changed.json()["ratePerDay"]), (200, &json!(7)));
}
