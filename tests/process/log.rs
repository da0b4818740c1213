//! Nothing secret and nothing personal is ever logged, however much is.

use cardlift_tests::{Backend, Program, Run, client, import};
use reqwest::Method;
use serde_json::Value;

/// Personal data and secrets that go through the program, besides the API key.
const PLANTED: [&str; 9] = [
    "sk_test_planted",
    "Maria",
    "Carmen",
    "Lopez",
    "Oyster",
    "San Francisco",
    "94080",
    "planted@example.com",
    "planted-idempotency",
];

async fn nothing_planted_is_logged(backend: Backend, format: &str) {
    let (sandbox, vault) = Program::serve(Run::new(&["sandbox", "--listen", "127.0.0.1:0"])).await;
    let run = |arguments: &[&str]| {
        Run::new(arguments)
            .env("DATABASE_URL", backend.url())
            .env("CARDLIFT_LOG", "trace")
            .env("CARDLIFT_LOG_FORMAT", format)
            .env("STRIPE_API_KEY", "sk_test_planted")
            .env("STRIPE_API_BASE", &vault)
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("customers.csv");
    let customers =
        "customerId,firstName,lastName,primaryEmail\n1,Maria,Lopez,planted@example.com\n";
    std::fs::write(&file, customers).expect("a file");
    let loaded = run(&["customers", "load", file.to_str().expect("UTF-8")]).finish().await;
    let made = run(&["key", "create"]).finish().await;
    let key = made.stdout.trim().to_owned();
    let (mut server, base) = Program::serve(run(&["serve", "--listen", "127.0.0.1:0"])).await;
    let post = |body: &str, name: &str| {
        let (base, key, body) = (base.clone(), key.clone(), body.to_owned());
        let headers = format!("Idempotency-Key: planted-idempotency-{name}\r\n");
        async move { import(&base, &key, &headers, &body).await.status }
    };
    let card =
        "{customerId:1,stripeCustomerId:'cus_SandboxBrands',stripeCardId:'card_SandboxVisa'}";
    assert_eq!(post(card, "a").await, 200);
    assert_eq!(post("{Maria:'Lopez', 'Oyster':}", "b").await, 400);
    let fault = r#"{"kind":"forbidden"}"#;
    let faults = client().post(format!("{vault}/_sandbox/faults")).body(fault).send().await;
    assert_eq!(faults.expect("an answer").status(), 204);
    let another = card.replace("Visa", "Discover");
    assert_eq!(post(&another, "a").await, 422, "another body, the same key");
    assert_eq!(post(&another, "c").await, 502, "its text holds a piece of a key");
    use_customers(&base, &key).await;
    server.signal("TERM").await;
    assert_eq!(server.ended().await, Some(0));
    let written = server.written();
    sandbox.stop().await;
    let logs = [loaded.stderr.as_str(), made.stderr.as_str(), written.as_str()];
    for line in logs.iter().flat_map(|log| log.lines()) {
        for planted in PLANTED.iter().copied().chain([key.as_str(), "*4242", "rk_test_", "acct_"]) {
            assert!(!line.contains(planted), "{planted} is in the log: {line}");
        }
    }
    assert!(written.contains("imported a card"), "it did log: {written}");
    if format == "json" {
        let lines = written.lines().filter(|line| !line.starts_with("Cardlift is listening"));
        for line in lines {
            serde_json::from_str::<Value>(line).expect("a line is an object");
        }
    }
}

/// Sends what is personal in every place that a request about customers has for it.
async fn use_customers(base: &str, key: &str) {
    let person = "firstName:'Maria',lastName:'Lopez',primaryEmail:'planted@example.com'";
    let (blank, unknown) = (String::new(), "{id:9,status:'Carmen'}".to_owned());
    for (verb, place, body, status) in [
        (Method::POST, "", format!("{{{person}}}"), 200),
        (Method::PUT, "", format!("{{id:1,status:'Hold',{person}}}"), 200),
        (Method::PUT, "", unknown, 400),
        (Method::GET, "?query=primaryEmail:planted@example.com;lastName:Lo*", blank.clone(), 200),
        (Method::GET, "?query=Maria:Lopez&sortOrder=Oyster", blank.clone(), 400),
        (Method::GET, "/Carmen", blank.clone(), 400),
        (Method::GET, "/Carmen/94080", blank, 404),
    ] {
        let request = client().request(verb, format!("{base}/v1/customers{place}")).body(body);
        let answer = request.header("Authorization", format!("Basic {key}")).send().await;
        assert_eq!(answer.expect("an answer").status(), status, "{place}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_nothing_secret_or_personal_is_logged() {
    nothing_planted_is_logged(Backend::sqlite(), "json").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_nothing_secret_or_personal_is_logged() {
    nothing_planted_is_logged(Backend::postgres().await, "text").await;
}
