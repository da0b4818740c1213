//! Who may do what: each operation that is described, asked for by everybody who may not.

use std::collections::BTreeSet;

use actix_web::test::TestRequest;
use cardlift_core::account::{AccountChange, AccountId, AccountName};
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::ports::{AccountRepository as _, ApiKeyStore as _, AuditTrail as _, Clock as _};
use serde_json::json;

use crate::admin::ACCOUNTS;
use crate::description;
use crate::documented_errors::{OPEN, Row, all_but, anonymous, filled, keyed};
use crate::harness::{Answer, SECRET, World, all_scopes, authorization_of};
use crate::jobs::{JOBS, upload};

/// An operation for callers with a key, and the scope that it needs.
struct Keyed {
    row: &'static Row,
    scope: &'static str,
}

/// Every operation that is described, but for those that are for everybody.
fn operations() -> Vec<Keyed> {
    let described = description::operations();
    assert!(described.len() > 30, "the description has operations");
    let mut found = Vec::new();
    for (verb, path, scopes) in described {
        let Some(scopes) = scopes else {
            let decided = OPEN.iter().any(|row| (row.0, row.1) == (verb.as_str(), path));
            assert!(decided, "{verb} {path} asks for no key: was that decided?");
            continue;
        };
        let [scope] = scopes.as_slice() else {
            panic!("{verb} {path} needs one scope: {scopes:?}")
        };
        let row = keyed().find(|row| (row.0, row.1) == (verb.as_str(), path));
        let row = row.unwrap_or_else(|| panic!("no request is known for {verb} {path}"));
        found.push(Keyed { row, scope });
    }
    found
}

impl Keyed {
    fn name(&self) -> String {
        format!("{} {}", self.row.0, self.row.1)
    }

    /// A request of what has this id.
    fn request(&self, id: &str) -> TestRequest {
        let (verb, path, body, _) = *self.row;
        // The table asks for what is not there under 9.
        let path = filled(path, id);
        let request = anonymous(verb, &path, &body.replace('9', id));
        if path.ends_with("makeDefault") {
            request.uri(&format!("{path}?id={id}&customerId=1"))
        } else {
            request
        }
    }

    async fn send(&self, world: &World, id: &str, secret: Option<&str>) -> Answer {
        let request = self.request(id);
        let request = match secret {
            Some(secret) => request.insert_header(("Authorization", authorization_of(secret))),
            None => request,
        };
        world.send(request).await
    }

    /// The id of what the first account has of what this operation is about.
    fn id<'a>(&self, own: &'a Own) -> &'a str {
        let path = self.row.1;
        match path {
            _ if path.contains("/jobs") => &own.job,
            _ if path.ends_with("/achCard") && path.starts_with("/v1/paymentMethods") => {
                &own.bank_account
            }
            _ if path.starts_with("/v1/paymentMethods/") => &own.card,
            _ => "1",
        }
    }
}

/// What the first account has, besides customer 1.
struct Own {
    card: String,
    bank_account: String,
    job: String,
}

/// A world in which the first account has something of everything, and can read who changed what.
async fn furnished() -> (World, Own) {
    let world = World::new().await;
    world.connect().await;
    let card = world.imported("card_1").await.to_string();
    let bank_account = world.imported("ba_1").await.to_string();
    let made = world.send(upload("customerId,stripeCustomerId\n1,cus_1\n")).await.json();
    let job = made["id"].as_i64().expect("an id").to_string();
    world.chain().await;
    (world, Own { card, bank_account, job })
}

/// All that there is to be seen of the first account.
async fn seen(world: &World) -> Vec<(String, Vec<u8>)> {
    let mut seen = Vec::new();
    for path in ["/v1/customers", "/v1/customers/1/paymentMethods/all", JOBS] {
        let answer = world.ask("GET", path).await;
        assert_eq!(answer.status, 200);
        seen.push((path.to_owned(), answer.body));
    }
    let results = world.ask("GET", &format!("{JOBS}/1/results")).await;
    seen.push(("results".to_owned(), results.body));
    seen.push(("keys".to_owned(), keys(world).await));
    let told = world.stores.batches(AccountId::DEFAULT, None, 1_000).await.expect("batches");
    seen.push(("trail, chained or not".to_owned(), format!("{told:?}").into_bytes()));
    seen
}

/// The accounts, and the keys of the first.
async fn keys(world: &World) -> Vec<u8> {
    let accounts = world.ask("GET", ACCOUNTS).await;
    let keys = world.ask("GET", &format!("{ACCOUNTS}/1/keys")).await;
    assert_eq!((accounts.status.as_u16(), keys.status.as_u16()), (200, 200));
    [accounts.body, keys.body].concat()
}

#[actix_web::test]
async fn no_operation_is_for_callers_without_a_good_key() {
    let (world, own) = furnished().await;
    let asked = world.vault_was_asked();
    let revoked = world.add_key("revoked", |_| ()).await;
    world.stores.revoke(revoked.account, revoked.id, world.clock.now()).await.expect("revoked");
    let now = world.clock.now();
    world.add_key("expired", |key| key.expires_at = Some(now)).await;
    let before = seen(&world).await;
    for operation in operations() {
        for secret in [None, Some("made up"), Some("revoked"), Some("expired")] {
            let answer = operation.send(&world, operation.id(&own), secret).await;
            assert_eq!(answer.status, 401, "{} {secret:?}", operation.name());
            let value = match secret {
                None => "An API key is required: send the header Authorization: Basic <API key>.",
                Some(_) => "The API key is unknown, has expired or was revoked.",
            };
            assert_eq!(answer.values(), [value], "{} {secret:?}", operation.name());
        }
    }
    assert_eq!(seen(&world).await, before, "nothing was done");
    assert_eq!(world.vault_was_asked(), asked);
}

#[actix_web::test]
async fn no_operation_is_for_keys_without_its_scope() {
    let (world, own) = furnished().await;
    let asked = world.vault_was_asked();
    let needed: BTreeSet<_> = operations().iter().map(|operation| operation.scope).collect();
    for scope in &needed {
        world.add_key(&format!("all but {scope}"), |key| key.scopes = all_but(scope)).await;
    }
    let before = seen(&world).await;
    for operation in operations() {
        let secret = format!("all but {}", operation.scope);
        let answer = operation.send(&world, operation.id(&own), Some(&secret)).await;
        assert_eq!(answer.status, 403, "{}", operation.name());
        let scope = operation.scope;
        let value = format!("This needs the scope {scope}, which the API key does not have.");
        assert_eq!(answer.values(), [value], "{}", operation.name());
    }
    assert_eq!(needed, BTreeSet::from(["admin", "import", "manage", "read"]));
    assert_eq!(seen(&world).await, before, "nothing was done");
    assert_eq!(world.vault_was_asked(), asked);
}

#[actix_web::test]
async fn what_reads_needs_to_read_and_nothing_that_changes_does() {
    for Keyed { row: (verb, path, ..), scope } in operations() {
        assert_eq!(path.starts_with("/admin/"), scope == "admin", "{verb} {path} needs {scope}");
        if scope != "admin" {
            // What others did is for who manages the account, not for everybody who reads what is in it.
            let reads = if *path == "/v1/auditTrail" { "manage" } else { "read" };
            assert_eq!(*verb == "GET", scope == reads, "{verb} {path} needs {scope}");
        }
    }
}

/// Else it would prove nothing that others are not.
#[actix_web::test]
async fn the_first_account_is_answered_with_what_it_has() {
    let (world, own) = furnished().await;
    // The events of a job end when it is at rest.
    let cancelled = world.ask("POST", &format!("{JOBS}/{}/cancel", own.job)).await;
    assert_eq!(cancelled.status, 200);
    for operation in operations().into_iter().filter(|operation| operation.row.0 == "GET") {
        let answer = operation.send(&world, operation.id(&own), Some(SECRET)).await;
        assert_eq!(answer.status, 200, "{}", operation.name());
        assert_ne!(answer.body, b"[]", "{}", operation.name());
    }
}

/// A key of another account is answered as one would be who asks for what nobody has.
#[actix_web::test]
async fn what_another_account_has_looks_as_if_it_did_not_exist() {
    let (world, own) = furnished().await;
    let asked = world.vault_was_asked();
    let name = AccountName::parse("other").expect("a name");
    let other = world.stores.ensure(&name).await.expect("an account").id;
    let connected = ConnectedAccountId::parse("acct_2").expect("an id");
    let change = [AccountChange::Connect(Some(connected))];
    world.stores.change_account(other, &change).await.expect("connected");
    world.add_key("other", |key| key.account = other).await;
    let before = seen(&world).await;
    let mut operations = operations();
    operations.retain(|operation| operation.scope != "admin");
    // What it makes is seen by who lists: that comes first.
    operations.sort_by_key(|operation| operation.scope == "import");
    for operation in operations {
        let (name, id) = (operation.name(), operation.id(&own));
        let answer = operation.send(&world, id, Some("other")).await;
        match operation.row.3 {
            Some(_) => {
                let nothing = operation.send(&world, "987654", Some("other")).await;
                assert_eq!((answer.status.as_u16(), nothing.status.as_u16()), (404, 404), "{name}");
                let told = nothing.values().join("\n").replace("987654", id);
                assert_eq!(answer.values().join("\n"), told, "{name}");
            }
            // A job of its own, for customers that it does not have.
            None if operation.scope == "import" => assert_eq!(answer.status, 200, "{name}"),
            None => assert_eq!((answer.status.as_u16(), answer.json()), (200, json!([])), "{name}"),
        }
    }
    assert_eq!(seen(&world).await, before, "nothing was done");
    assert_eq!(world.vault_was_asked(), asked, "the vault is not asked for what nobody has");
}

/// Whatever stands with the key: it could only have got there by somebody who writes to the database.
#[actix_web::test]
async fn a_key_of_another_account_is_no_operators() {
    let (world, own) = furnished().await;
    let name = AccountName::parse("other").expect("a name");
    let other = world.stores.ensure(&name).await.expect("an account").id;
    world
        .add_key("other", |key| {
            key.account = other;
            key.scopes = all_scopes();
        })
        .await;
    let before = seen(&world).await;
    for operation in operations().into_iter().filter(|operation| operation.scope == "admin") {
        for id in [operation.id(&own), "2", "987654"] {
            let answer = operation.send(&world, id, Some("other")).await;
            let value = "This needs the scope admin, which the API key does not have.";
            let told = (answer.status.as_u16(), answer.values());
            assert_eq!(told, (403, vec![value.to_owned()]), "{}", operation.name());
        }
    }
    assert_eq!(seen(&world).await, before, "nothing was done");
}
