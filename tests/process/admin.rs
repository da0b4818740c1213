//! An operator who has nothing but the API, on both databases.

use std::time::Duration;

use cardlift_tests::{Backend, Program, Run, client, import};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

/// How long a replica may make do with what it knows of a key and its account.
const A_SECOND: Duration = Duration::from_secs(1);

/// Whoever sends requests with a key, to one of two replicas.
struct Caller<'a> {
    client: &'a Client,
    key: String,
}

impl Caller<'_> {
    /// The status of the answer, and its body; null where there is none.
    async fn ask(&self, base: &str, verb: Method, path: &str, body: Value) -> (u16, Value) {
        let request = self.client.request(verb, format!("{base}{path}"));
        let request = request.header("authorization", format!("Basic {}", self.key));
        let request = request.header("content-type", "application/json").body(body.to_string());
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let body = answer.bytes().await.expect("a body");
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// Waits until each replica answers this with this status, which takes a second at most.
    async fn is_answered(&self, bases: &[String], status: u16) {
        let since = Instant::now();
        while since.elapsed() < A_SECOND {
            sleep(Duration::from_millis(20)).await;
            for base in bases {
                self.ask(base, Method::GET, "/v1/customers", json!({})).await;
            }
        }
        for base in bases {
            let answer = self.ask(base, Method::GET, "/v1/customers", json!({})).await;
            assert_eq!(answer.0, status, "{base}: {}", answer.1);
        }
    }
}

async fn an_account_is_set_up_over_the_api(backend: Backend, replicas: usize) {
    let run = Run::new(&["sandbox", "--listen", "127.0.0.1:0"]);
    let (sandbox, vault) = Program::serve(run).await;
    let key = backend.run(&["key", "create", "--scope", "admin"]).succeed().await;
    let (mut servers, mut bases) = (Vec::new(), Vec::new());
    for _ in 0..replicas {
        let run = backend.run(&["serve", "--listen", "127.0.0.1:0"]);
        let run = run.env("STRIPE_API_KEY", "sk_test_1").env("STRIPE_API_BASE", &vault);
        // Keys are asked with until they are let in no more, as fast as can be.
        let run = run.env("CARDLIFT_WRONG_KEYS", "off").env("CARDLIFT_JOBS_AT_ONCE", "0");
        let (server, base) = Program::serve(run).await;
        servers.push(server);
        bases.push(base);
    }
    let first = bases.first().expect("a replica");
    let client = client();
    let operator = Caller { client: &client, key: key.trim().to_owned() };
    let set = async |verb: Method, path: &str, body: Value| {
        let (status, answer) = operator.ask(first, verb, path, body).await;
        assert!([200, 204].contains(&status), "{path}: {status} {answer}");
        answer
    };
    let made = set(Method::POST, "/admin/accounts", json!({"name": "acme"})).await;
    let account = made.get("id").and_then(Value::as_i64).expect("an id");
    let path = format!("/admin/accounts/{account}");
    let limits = json!({"ratePerMinute": null, "ratePerDay": null});
    set(Method::PATCH, &path, limits).await;
    let vault_key = format!("{path}/vaultKey");
    let bound = set(Method::PUT, &vault_key, json!({"key": "sk_test_acme"})).await;
    assert_eq!(bound.get("mode"), Some(&json!("test")));
    let keys = format!("{path}/keys");
    let made = set(Method::POST, &keys, json!({"label": "billing"})).await;
    let key = made.get("key").and_then(Value::as_str).expect("a key").to_owned();
    let caller = Caller { client: &client, key };
    let (status, customer) =
        caller.ask(first, Method::POST, "/v1/customers", json!({"firstName": "Ana"})).await;
    assert_eq!(status, 200, "{customer}");
    let customer = customer.get("id").and_then(Value::as_i64).expect("an id");
    let body = format!(
        "{{customerId:{customer},stripeCustomerId:'cus_SandboxBrands',stripeCardId:'card_SandboxVisa'}}"
    );
    for base in &bases {
        let imported = import(base, &caller.key, "", &body).await;
        assert_eq!(imported.status, 200, "{}", imported.body);
    }
    let other = json!({"key": "sk_live_acme"});
    let (status, told) = operator.ask(first, Method::PUT, &vault_key, other).await;
    assert_eq!(status, 409, "{told}");
    assert!(!told.to_string().contains("sk_live_acme"), "{told}");
    set(Method::PATCH, &path, json!({"disabled": true})).await;
    caller.is_answered(&bases, 401).await;
    set(Method::PATCH, &path, json!({"disabled": false})).await;
    caller.is_answered(&bases, 200).await;
    let id = made.get("id").and_then(Value::as_i64).expect("an id");
    set(Method::DELETE, &format!("{keys}/{id}"), json!({})).await;
    caller.is_answered(&bases, 401).await;
    set(Method::DELETE, &vault_key, json!({})).await;
    let shown = backend.run(&["account", "show", "--account", "acme"]).succeed().await;
    assert!(shown.contains("Stripe key of its own:      no"), "{shown}");
    let own = operator.ask(first, Method::DELETE, "/admin/accounts/1/keys/1", json!({})).await;
    assert_eq!(own.0, 409, "{}", own.1);
    for server in servers {
        assert_eq!(server.stop().await, Some(0));
    }
    assert_eq!(sandbox.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_an_account_is_set_up_over_the_api() {
    an_account_is_set_up_over_the_api(Backend::sqlite(), 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_an_account_is_set_up_over_the_api() {
    an_account_is_set_up_over_the_api(Backend::postgres().await, 2).await;
}

/// Made-up cards are for the account of the demonstration, and so is who gets in.
#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration_has_no_operator() {
    let backend = Backend::sqlite();
    let key = backend.run(&["key", "create", "--scope", "admin"]).succeed().await;
    let run = backend.run(&["serve", "--sandbox", "--listen", "127.0.0.1:0"]);
    let (server, base) = Program::serve(run).await;
    let client = client();
    let operator = Caller { client: &client, key: key.trim().to_owned() };
    let (status, told) = operator.ask(&base, Method::GET, "/admin/accounts", json!({})).await;
    assert_eq!(status, 401, "{told}");
    assert_eq!(server.stop().await, Some(0));
}
