//! The documented example, in the bytes that documented clients send.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cardlift_tests::{Backend, DOCUMENTED, DOCUMENTED_CARD, PATH, send};

use crate::harness::Server;

/// What curl sends for the documented command line: keys without quotes.
const CURL: &str = "{customerId:2526546,stripeCustomerId:\"cus_AExsNjBZDLMNDK\",\
                    stripeCardId:\"card_19uTyBAXix6Ggd0efp4HNNp7\"}";

/// What the documented C# sends: single quotes.
const CSHARP: &str = "{'customerId':2526546,'stripeCustomerId':'cus_AExsNjBZDLMNDK',\
                      'stripeCardId':'card_19uTyBAXix6Ggd0efp4HNNp7'}";

/// What Python's requests sends for `json=`: a blank after each colon and comma.
const PYTHON: &str = "{\"customerId\": 2526546, \"stripeCustomerId\": \"cus_AExsNjBZDLMNDK\", \
                      \"stripeCardId\": \"card_19uTyBAXix6Ggd0efp4HNNp7\"}";

async fn the_documented_example_is_answered(backend: Backend) {
    let server = Server::on(backend).await;
    let Server { base, key, .. } = &server;
    let as_issued = format!("Basic {key}");
    let secret = server.secret();
    let requests = [
        (CURL, "curl/8.5.0", "application/json", as_issued.clone()),
        (CSHARP, "", "application/json; charset=utf-8", as_issued.clone()),
        (PYTHON, "python-requests/2.32.3", "application/json", as_issued.clone()),
        (DOCUMENTED, "", "text/json", format!("Basic {}", STANDARD.encode(format!("0:{secret}")))),
        (
            DOCUMENTED,
            "",
            "application/json",
            format!("Basic {}", STANDARD.encode(format!("{secret}:"))),
        ),
    ];
    for (body, agent, content_type, authorization) in requests {
        let request = format!(
            "POST {PATH} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {agent}\r\nAccept: */*\r\n\
             Connection: close\r\nAuthorization: {authorization}\r\n\
             Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = send(base, &request).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, DOCUMENTED_CARD), "{body}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
    }
    let upper = PATH.to_uppercase();
    let request = format!(
        "POST {upper}/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Authorization: {as_issued}\r\nContent-Length: {}\r\n\r\n{CURL}",
        CURL.len()
    );
    assert_eq!(send(base, &request).await.body, DOCUMENTED_CARD);
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_the_documented_example_is_answered() {
    the_documented_example_is_answered(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_the_documented_example_is_answered() {
    the_documented_example_is_answered(Backend::postgres().await).await;
}

async fn errors_are_told_apart(backend: Backend) {
    let server = Server::on(backend).await;
    let body = |customer: &str, of: &str, card: &str| {
        format!("{{customerId:{customer},stripeCustomerId:'{of}',stripeCardId:'{card}'}}")
    };
    let (cus, card) = ("cus_AExsNjBZDLMNDK", "card_19uTyBAXix6Ggd0efp4HNNp7");
    for (body, status, value) in [
        (body("1325", cus, card), 404, "Customer with id 1325 not found."),
        (body("1", cus, "card_nobody"), 404, "No such source: 'card_nobody'"),
        (body("1", cus, "pm_nobody"), 404, "No such source: 'pm_nobody'"),
        (body("1", "cus_nobody", card), 404, "No such customer: 'cus_nobody'"),
        (body("1", card, card), 400, "stripeCustomerId must start with cus_."),
        (
            body("1", "cus_SandboxBank", "src_SandboxAch"),
            400,
            "stripeCardId must be a card or bank account: under this id the vault holds \\\"ach_credit_transfer\\\".",
        ),
    ] {
        let answer = server.import(&body).await;
        let expected = format!(
            r#"{{"ErrorId":0,"HttpStatusCode":{status},"Errors":[{{"Key":"Api Error","Value":"{value}"}}]}}"#
        );
        assert_eq!((answer.status, answer.body), (status, expected));
    }
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_errors_are_told_apart() {
    errors_are_told_apart(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_errors_are_told_apart() {
    errors_are_told_apart(Backend::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_of_every_brand_in_every_shape_is_imported() {
    let server = Server::on(Backend::sqlite()).await;
    for (name, card_type) in [
        ("Visa", "Visa"),
        ("MasterCard", "MasterCard"),
        ("AmericanExpress", "American Express"),
        ("Discover", "Discover"),
        ("DinersClub", "Diners Club"),
        ("Jcb", "JCB"),
        ("UnionPay", "UnionPay"),
        ("CartesBancaires", "Cartes Bancaires"),
        ("Unknown", "Unknown"),
    ] {
        for prefix in ["card", "pm", "src"] {
            let body = format!(
                "{{customerId:1,stripeCustomerId:'cus_SandboxBrands',stripeCardId:'{prefix}_Sandbox{name}'}}"
            );
            let card = server.import(&body).await.json();
            assert_eq!(card.get("cardType").and_then(|brand| brand.as_str()), Some(card_type));
            assert_eq!(card.get("countryId"), Some(&840.into()), "{card}");
            assert_eq!(card.get("stateId"), Some(&18.into()), "{card}");
            assert_eq!(card.get("lastName"), Some(&"del Carmen Lopez".into()));
        }
    }
    server.end().await;
}
