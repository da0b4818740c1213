//! What an account has, no other gets to see or to change: every operation that is described, asked of
//! the running program with a key of another account. On Postgres it serves as a role that does not own
//! the tables.

use std::collections::BTreeMap;
use std::time::Duration;

use cardlift_tests::{Answer, Backend, Program, Run, client};
use reqwest::{Client, Method};
use serde_json::Value;

use crate::described::{Operation, operations};
use crate::role::ROLE;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The customer of the description's examples, so that bodies ask for it, too: it is the first account's.
const CUSTOMER: &str = "2526546";

const CUSTOMERS: &str = "customerId,firstName,lastName,primaryEmail\n\
                         2526546,Xaviera,Quillfeather,xaviera@example.org\n";

/// What only the first account has: its customer, what it pays with, and a row of its job.
const FIRST: [&str; 9] = [
    "Xaviera",
    "Quillfeather",
    "xaviera@example.org",
    "cus_SandboxBrands",
    "card_SandboxVisa",
    "card_SandboxDiscover",
    "ba_SandboxBank",
    "del Carmen Lopez",
    "Oyster Point",
];

/// An id that nothing has.
const NOTHING: &str = "987654321";

/// What the first account has, besides its customer.
struct Own {
    card: String,
    bank_account: String,
    job: String,
}

/// Whoever asks with a key.
struct Caller<'a> {
    client: &'a Client,
    base: &'a str,
    key: &'a str,
}

impl Own {
    /// The id of what the first account has, for a parameter of a path.
    fn id(&self, path: &str, name: &str) -> &str {
        match name {
            "id" if path.starts_with("/v1/paymentMethodImport/Stripe/jobs/") => &self.job,
            "id" if path.starts_with("/v1/customers/") => CUSTOMER,
            "id" if path == "/v1/paymentMethods/{id}/achCard" => &self.bank_account,
            "id" if path.starts_with("/v1/paymentMethods/") => &self.card,
            // The first account, and its first key.
            "id" | "keyId" if path.starts_with("/admin/accounts/") => "1",
            "customerId" => CUSTOMER,
            "file" if path == "/docs/{file}" => "swagger-initializer.js",
            _ => unreachable!("{path} has a parameter that is not known here: {name}"),
        }
    }
}

impl Caller<'_> {
    async fn ask(&self, verb: Method, path: &str, body: Option<(&str, String)>) -> Answer {
        let request = self.client.request(verb, format!("{}{path}", self.base)).timeout(PATIENCE);
        let request = request.header("Authorization", format!("Basic {}", self.key));
        let request = match body {
            Some((media_type, body)) => request.header("Content-Type", media_type).body(body),
            None => request,
        };
        let answer = request.send().await.expect("an answer");
        let (status, head) = (answer.status().as_u16(), format!("{:?}", answer.headers()));
        Answer { status, head, body: answer.text().await.expect("text") }
    }

    /// Asks for an operation, with these ids for what it takes in its path, and what it has to have or takes
    /// an id of in its query.
    async fn send(&self, operation: &Operation, id: impl Fn(&str) -> String) -> Answer {
        let asked = operation.parameters.iter();
        let asked = asked.filter(|name| operation.required.contains(name) || name.ends_with("Id"));
        let query = asked.map(|name| format!("{name}={}", id(name)));
        let path = format!("{}?{}", operation.filled(&id), query.collect::<Vec<_>>().join("&"));
        self.ask(operation.verb.clone(), &path, operation.example()).await
    }

    /// Makes something, and gives its id.
    async fn made(&self, path: &str, media_type: &str, body: String) -> String {
        let answer = self.ask(Method::POST, path, Some((media_type, body))).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json().get("id").and_then(Value::as_i64).expect("an id").to_string()
    }
}

/// Makes two accounts that can read the sandbox, of which the first has the customer; gives a key of each.
async fn two_accounts(backend: &Backend) -> (String, String) {
    let loaded = backend.load(CUSTOMERS).await;
    assert_eq!(loaded.code, Some(0), "{}", loaded.stderr);
    backend.run(&["account", "create", "other"]).succeed().await;
    for name in ["default", "other"] {
        backend.run(&["account", "connect", "--account", name, "acct_sandbox"]).succeed().await;
    }
    let set = backend.run(&["account", "set-key", "--account", "other"]);
    set.input("sk_test_other\n").succeed().await;
    let first = backend.run(&["key", "create", "--scope", "import,read,manage,admin"]);
    let other = backend.run(&["key", "create", "--account", "other"]);
    let (first, other) = (first.succeed().await, other.succeed().await);
    if let Backend::Postgres(_) = backend {
        cardlift_throwaway_postgres::role(ROLE).await.expect("a role");
        backend.run(&["migrate", "--grant-to", ROLE]).succeed().await;
    }
    (first.trim().to_owned(), other.trim().to_owned())
}

fn serve(backend: &Backend, vault: &str) -> Run {
    let run = backend.run(&["serve", "--listen", "127.0.0.1:0"]);
    let run = run.env("STRIPE_API_KEY", "sk_test_1").env("STRIPE_API_BASE", vault);
    match backend {
        Backend::Sqlite(_) => run,
        Backend::Postgres(database) => {
            run.env("DATABASE_URL", database.url_as(ROLE).expect("a URL"))
        }
    }
}

/// The first account imports a card and a bank account, and makes a job that nobody starts.
async fn furnish(first: &Caller<'_>) -> Own {
    let (json, import) = ("application/json", "/v1/paymentMethodImport/Stripe");
    let body = |customer: &str, id: &str| {
        format!("{{customerId:{CUSTOMER},stripeCustomerId:'{customer}',stripeCardId:'{id}'}}")
    };
    let card = first.made(import, json, body("cus_SandboxBrands", "card_SandboxVisa")).await;
    let bank_account = body("cus_SandboxBank", "ba_SandboxBank");
    let bank_account = first.made("/v1/achCardImport/Stripe", json, bank_account).await;
    let header = "customerId,stripeCustomerId,stripeCardId";
    let rows = format!("{header}\n{CUSTOMER},cus_SandboxBrands,card_SandboxDiscover\n");
    let job = first.made(&format!("{import}/jobs"), "text/csv", rows).await;
    Own { card, bank_account, job }
}

/// What the first account is answered, by operation; but for the events of a job, which go on until it is
/// at rest.
async fn seen(first: &Caller<'_>, operations: &[Operation], own: &Own) -> BTreeMap<String, String> {
    let mut seen = BTreeMap::new();
    for operation in operations.iter().filter(|it| it.verb == Method::GET && it.scope.is_some()) {
        if operation.path.ends_with("/events") {
            continue;
        }
        let answer = first.send(operation, |name| own.id(&operation.path, name).to_owned()).await;
        assert_eq!(answer.status, 200, "{}: {}", operation.name(), answer.body);
        seen.insert(operation.name(), steady(&answer.body));
    }
    assert!(seen.len() > 12, "{seen:?}");
    seen
}

/// Without when a key was last used, which asking changes.
fn steady(body: &str) -> String {
    let Ok(mut told) = serde_json::from_str::<Value>(body) else { return body.to_owned() };
    for item in told.as_array_mut().into_iter().flatten() {
        if let Some(item) = item.as_object_mut() {
            item.remove("lastUsedTimestamp");
        }
    }
    told.to_string()
}

/// How another account is answered that asks for what the first one has.
fn expected(operation: &Operation) -> u16 {
    let Some(scope) = &operation.scope else { return 200 };
    let makes = operation.path == "/v1/customers" || operation.path.ends_with("/jobs");
    match operation.verb {
        _ if scope == "admin" => 403,
        Method::GET if !operation.is_of_one() => 200,
        // Something of its own.
        Method::POST if makes => 200,
        _ => 404,
    }
}

/// Asks for an operation with a key of another account.
async fn is_told_nothing(
    other: &Caller<'_>,
    operation: &Operation,
    own: &Own,
    seen: &BTreeMap<String, String>,
) {
    let (name, path) = (operation.name(), &operation.path);
    let answer = other.send(operation, |name| own.id(path, name).to_owned()).await;
    assert_eq!(answer.status, expected(operation), "{name}: {}", answer.body);
    for text in FIRST {
        let told = answer.head.contains(text) || answer.body.contains(text);
        assert!(!told, "{name} tells {text}: {}{}", answer.head, answer.body);
    }
    if operation.scope.is_none() {
        return;
    }
    if operation.is_of_one() || !operation.required.is_empty() {
        let nothing = other.send(operation, |_| NOTHING.to_owned()).await;
        let told = (nothing.status, nothing.body.replace(NOTHING, own.id(path, "id")));
        assert_eq!((answer.status, answer.body), told, "{name}");
    } else if operation.verb == Method::GET && answer.status == 200 {
        let all = |body: &str| serde_json::from_str::<Vec<Value>>(body).expect("a list");
        let firsts = all(seen.get(&name).expect("the first account asked, too"));
        assert!(!firsts.is_empty(), "{name}");
        let mut others = all(&answer.body);
        others.retain(|item| firsts.contains(item));
        assert_eq!(others, Vec::<Value>::new(), "{name}");
    }
}

async fn another_account_is_told_nothing_and_changes_nothing(backend: Backend) {
    let (sandbox, vault) = Program::serve(Run::new(&["sandbox", "--listen", "127.0.0.1:0"])).await;
    let (first, other) = two_accounts(&backend).await;
    let (operations, client) = (operations(), client());
    let (server, base) = Program::serve(serve(&backend, &vault)).await;
    let own = furnish(&Caller { client: &client, base: &base, key: &first }).await;
    // A server that ends has chained the trail, so that the next one tells of all that was done.
    assert_eq!(server.stop().await, Some(0));
    let (server, base) = Program::serve(serve(&backend, &vault)).await;
    let first = Caller { client: &client, base: &base, key: &first };
    let other = Caller { client: &client, base: &base, key: &other };

    let before = seen(&first, &operations, &own).await;
    for text in FIRST {
        let found = before.values().any(|body| body.contains(text));
        assert!(found, "{text} would be found: {before:?}");
    }
    // Chained or not.
    let trail = backend.run(&["audit", "list", "--json"]).succeed().await;
    for operation in &operations {
        is_told_nothing(&other, operation, &own, &before).await;
    }
    assert_eq!(seen(&first, &operations, &own).await, before, "nothing was changed");
    assert_eq!(backend.run(&["audit", "list", "--json"]).succeed().await, trail);
    assert_eq!(server.stop().await, Some(0));
    assert_eq!(sandbox.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_another_account_is_told_nothing_and_changes_nothing() {
    another_account_is_told_nothing_and_changes_nothing(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_another_account_is_told_nothing_and_changes_nothing() {
    another_account_is_told_nothing_and_changes_nothing(Backend::postgres().await).await;
}
