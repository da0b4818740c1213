//! Who changed what: that it is told of each operation that changes something, and who reads it.

use actix_web::test::TestRequest;
use cardlift_core::account::{AccountId, AccountName};
use cardlift_core::api_key::Scopes;
use cardlift_core::audit::AuditBatch;
use cardlift_core::ports::{AccountRepository as _, AuditTrail as _};
use rstest::rstest;
use serde_json::{Value, json};

use crate::description;
use crate::documented_errors::{anonymous, keyed};
use crate::harness::{Answer, World, authorization_of, authorized};
use crate::jobs::{JOBS, finished_job, upload};

const TRAIL: &str = "/v1/auditTrail";
const REQUEST: &str = "the-request-that-changes";

/// Each operation that changes something, in a world in which there is something to change: what it left
/// names the caller's key, and the id of the request.
#[actix_web::test]
async fn every_operation_that_changes_something_is_told_with_the_key_and_the_request() {
    let described = description::operations().into_iter();
    let changing: Vec<_> =
        described.filter(|(verb, ..)| !["GET", "HEAD"].contains(&&**verb)).collect();
    assert!(changing.len() > 15, "the description has operations");
    for (verb, path, _) in changing {
        let (world, id) = ready_for(path).await;
        let row = keyed().find(|row| (row.0, row.1) == (verb.as_str(), path));
        let row = row.unwrap_or_else(|| panic!("no request is known for {verb} {path}"));
        // The first key is the caller's.
        let uri = path.replace("{id}", &id).replace("{keyId}", "2");
        let request = anonymous(&verb, &uri, &row.2.replace('9', "1").replace("Active", "Hold"));
        let request = if path.ends_with("makeDefault") {
            request.uri(&format!("{uri}?id={id}&customerId=1"))
        } else {
            request
        };
        let request = authorized(request).insert_header(("X-Request-Id", REQUEST));
        let answer = world.send(request).await;
        assert!(answer.status.is_success(), "{verb} {path}: {answer:?}");
        assert_eq!(answer.header("x-request-id"), Some(REQUEST));
        let told = told(&world).await;
        let by = json!({ "key": 1, "account": 1 });
        let of_it: Vec<_> = told.iter().filter(|item| item["request"] == REQUEST).collect();
        assert!(!of_it.is_empty(), "{verb} {path} is not told of: {told:?}");
        assert!(of_it.iter().all(|item| item["by"] == by), "{verb} {path}: {of_it:?}");
    }
}

/// A world in which this operation changes something, and the id of what.
async fn ready_for(path: &str) -> (World, String) {
    if let Some(action) = path.strip_prefix(&format!("{JOBS}/{{id}}/")) {
        let world = if action == "retry" { finished_job().await } else { World::new().await };
        let before: &[&str] = match action {
            "pause" => &["start"],
            "resume" => &["start", "pause"],
            "undo" => &["cancel"],
            _ => &[],
        };
        if action != "retry" {
            let made = world.send(upload("customerId,stripeCustomerId\n1,cus_1\n")).await;
            assert_eq!(made.status, 200);
        }
        for action in before {
            assert_eq!(world.ask("POST", &format!("{JOBS}/1/{action}")).await.status, 200);
        }
        return (world, "1".to_owned());
    }
    let world = World::new().await;
    world.connect().await;
    if path.starts_with("/admin/") {
        world.tell("PUT", "/admin/accounts/1/vaultKey", "{key:'sk_test_1'}").await;
        world.tell("POST", "/admin/accounts/1/keys", "{label:'ci'}").await;
    }
    let id = match path {
        _ if path.ends_with("{id}/achCard") => world.imported("ba_1").await,
        _ if path.starts_with("/v1/paymentMethods/") => world.imported("card_1").await,
        _ => 1,
    };
    (world, id.to_string())
}

/// All that the trails of the default account and of one that is made have, chained or not.
async fn told(world: &World) -> Vec<Value> {
    let mut told = Vec::new();
    for account in [1, 2] {
        let account = AccountId::try_from(account).expect("an id");
        let batches = world.stores.batches(account, None, 1_000).await.expect("batches");
        let entries = batches.iter().flat_map(AuditBatch::entries);
        told.extend(entries.map(|entry| serde_json::from_str::<Value>(&entry.item).expect("JSON")));
    }
    told
}

async fn ask(world: &World, query: &str) -> Answer {
    world.ask("GET", &format!("{TRAIL}{query}")).await
}

/// Where the page after this one begins.
fn next(answer: &Answer) -> i64 {
    answer.header("x-next-after").and_then(|after| after.parse().ok()).expect("a place")
}

fn subjects(answer: &Answer) -> Vec<i64> {
    assert_eq!(answer.status, 200);
    let entries = answer.json();
    let entries = entries.as_array().expect("an array").iter();
    entries.map(|entry| entry["subject"].as_i64().expect("an id")).collect()
}

#[actix_web::test]
async fn a_page_says_where_the_next_one_begins_and_what_is_changed_later_is_there() {
    let world = World::new().await;
    world.chain().await;
    // The world's own beginnings.
    let start = next(&ask(&world, "").await);
    for _ in 0..3 {
        assert_eq!(world.ask("POST", "/v1/customers").await.status, 200);
    }
    let waiting = ask(&world, &format!("?after={start}")).await;
    assert_eq!((subjects(&waiting), next(&waiting)), (vec![], start), "it is not chained yet");
    world.chain().await;
    let first = ask(&world, &format!("?pageSize=2&after={start}")).await;
    assert_eq!((subjects(&first), next(&first)), (vec![2, 3], start + 2));
    let second = ask(&world, &format!("?PAGESIZE=2&After={}", next(&first))).await;
    assert_eq!((subjects(&second), next(&second)), (vec![4], start + 3));
}

#[actix_web::test]
async fn what_was_changed_together_is_on_one_page() {
    let world = finished_job().await;
    world.chain().await;
    let answer = ask(&world, "?pageSize=1000").await;
    let entries = answer.json();
    let entries = entries.as_array().expect("an array").iter();
    let imported: Vec<_> =
        entries.filter(|entry| entry["action"] == "payment_method.imported").collect();
    assert_eq!(imported.len(), 2);
    let [Some(first), Some(second)] = [imported.first(), imported.get(1)] else { panic!("two") };
    assert_eq!(first["batch"], second["batch"]);
}

#[actix_web::test]
async fn a_change_is_told_with_who_made_it_and_in_which_request() {
    let world = World::new().await;
    let create = authorized(TestRequest::post().uri("/v1/customers"));
    let create = create.insert_header(("X-Request-Id", REQUEST));
    assert_eq!(world.send(create).await.status, 200);
    world.chain().await;
    let entries = ask(&world, "").await.json();
    let entry = entries.as_array().and_then(|entries| entries.last()).expect("an entry");
    let expected = json!({
        "batch": entry["batch"],
        "at": "2027-01-15T08:00:00Z",
        "action": "customer.created",
        "subject": 2,
        "by": { "key": 1, "account": 1 },
        "request": REQUEST,
        "before": null,
        "after": { "status": "Draft", "known": "" },
    });
    assert_eq!(*entry, expected);
}

/// What somebody wrote over an entry, past the program, hides nothing but the entry, and is not told.
#[rstest]
#[case::no_json("{edited 4242424242424242")]
#[case::no_change("[]")]
#[case::by_nobody(r#"{"action":"customer.created"}"#)]
#[case::another_kind(r#"{"action":4242424242424242,"by":"program"}"#)]
#[actix_web::test]
async fn an_entry_that_can_not_be_read_is_told_as_such_and_keeps_no_other_back(
    #[case] items: &str,
) {
    let world = World::new().await;
    world.chain().await;
    let start = next(&ask(&world, "").await);
    for _ in 0..3 {
        assert_eq!(world.ask("POST", "/v1/customers").await.status, 200);
    }
    world.chain().await;
    let whole = ask(&world, &format!("?after={start}")).await.json();
    let all = world.stores.batches(AccountId::DEFAULT, None, 100).await.expect("batches");
    let [.., tampered, _] = all.as_slice() else { panic!("three") };
    world.stores.tamper(tampered.id, items);
    let answer = ask(&world, &format!("?after={start}")).await;
    assert_eq!((subjects(&answer), next(&answer)), (vec![2, 3, 4], start + 3));
    let entries = answer.json();
    let expected = json!({
        "batch": tampered.id.get(),
        "at": "2027-01-15T08:00:00Z",
        "action": "unreadable",
        "subject": 3,
        "by": "unknown",
        "request": null,
        "before": null,
        "after": null,
    });
    assert_eq!(entries[1], expected);
    assert_eq!((&entries[0], &entries[2]), (&whole[0], &whole[2]));
}

#[actix_web::test]
async fn nobody_reads_what_another_account_did() {
    let world = World::new().await;
    let name = AccountName::parse("other").expect("a name");
    let other = world.stores.ensure(&name).await.expect("an account").id;
    world.add_key("other", |key| key.account = other).await;
    let header = authorization_of("other");
    let create = TestRequest::post().uri("/v1/customers").insert_header(("X-Request-Id", REQUEST));
    let created = world.send(create.insert_header(("Authorization", header.clone()))).await;
    assert_eq!(created.status, 200);
    world.chain().await;
    let is_told = |answer: Answer| {
        let entries = answer.json();
        entries.as_array().expect("an array").iter().any(|entry| entry["request"] == REQUEST)
    };
    assert!(!is_told(ask(&world, "").await));
    let read = TestRequest::get().uri(TRAIL).insert_header(("Authorization", header));
    assert!(is_told(world.send(read).await));
}

#[rstest]
#[case("?after=-1", "after must be a whole number from 0 to 9223372036854775807.")]
#[case("?after=last", "after must be a whole number from 0 to 9223372036854775807.")]
#[case("?pageSize=0", "pageSize must be a whole number from 1 to 1000.")]
#[actix_web::test]
async fn a_query_that_can_t_be_is_told(#[case] query: &str, #[case] expected: &str) {
    let answer = ask(&World::new().await, query).await;
    assert_eq!((answer.status.as_u16(), answer.values()), (400, vec![expected.to_owned()]));
}

#[actix_web::test]
async fn a_key_that_only_reads_does_not_read_what_others_did() {
    let world = World::new().await;
    world.add_key("reads", |key| key.scopes = Scopes::parse("read,import").expect("scopes")).await;
    let header = authorization_of("reads");
    let request = TestRequest::get().uri(TRAIL).insert_header(("Authorization", header));
    assert_eq!(world.send(request).await.status, 403);
}
