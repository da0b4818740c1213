//! The server is as its description says, and the description is the committed one.

use cardlift_tests::{Backend, check_described, client};

use crate::harness::Server;

async fn the_server_is_as_described(backend: Backend) {
    for arguments in [
        ["account", "limit", "--per-minute", "off", "--per-day", "off"].as_slice(),
        &["account", "connect", "acct_sandbox"],
    ] {
        backend.run(arguments).succeed().await;
    }
    let server = Server::on(backend).await;
    for card in [
        "stripeCustomerId:'cus_AExsNjBZDLMNDK',stripeCardId:'card_19uTyBAXix6Ggd0efp4HNNp7'",
        "stripeCustomerId:'cus_SandboxBank',stripeCardId:'ba_SandboxBank'",
    ] {
        assert_eq!(server.import(&format!("{{customerId:1,{card}}}")).await.status, 200);
    }
    check_described(&server.base, &format!("0:{}", server.secret())).await;
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_the_server_is_as_described() {
    the_server_is_as_described(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_the_server_is_as_described() {
    the_server_is_as_described(Backend::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_is_the_committed_one() {
    let server = Server::on(Backend::sqlite()).await;
    let answer = server.ask("GET /openapi.json", "").await;
    let committed: serde_json::Value =
        serde_json::from_str(include_str!("../../docs/openapi.json")).expect("JSON");
    assert!(
        answer.json() == committed,
        "the API has changed: write `cardlift openapi` to docs/openapi.json, and look at what is different"
    );
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_has_its_parts_with_it() {
    let server = Server::on(Backend::sqlite()).await;
    let page = server.ask("GET /docs", "").await;
    assert_eq!((page.status, page.header("location")), (308, Some("docs/")));
    let page = server.ask("GET /docs/", "").await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html")));
    let named = |name| page.body.split(name).skip(1).filter_map(|rest| rest.split('"').nth(1));
    let parts: Vec<_> = named("src=").chain(named("href=")).collect();
    assert!(parts.len() > 5, "{parts:?}");
    for part in parts {
        assert!(!part.contains("//"), "{part} is elsewhere");
        let url = format!("{}/docs/{}", server.base, part.trim_start_matches("./"));
        let answer = client().get(url).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{part}");
    }
    let start = server.ask("GET /docs/swagger-initializer.js", "").await;
    assert!(start.body.contains("\"url\": \"../openapi.json\""), "{}", start.body);
    server.end().await;
}
