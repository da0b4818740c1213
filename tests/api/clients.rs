//! What public clients send, in their own bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cardlift_tests::{Backend, DOCUMENTED, DOCUMENTED_CARD, send};

use crate::harness::Server;

/// One that is built on axios: its content type has a charset and no blank before it.
async fn axios(server: &Server) {
    let body = DOCUMENTED;
    let request = format!(
        "POST /v1/PaymentMethodImport/Stripe HTTP/1.1\r\nAccept: application/json, text/plain, */*\r\n\
         Content-Type: application/json;charset=utf-8\r\nAuthorization: Basic {}\r\n\
         User-Agent: axios/1.7.9\r\nContent-Length: {}\r\n\
         Accept-Encoding: gzip, compress, deflate, br\r\nHost: localhost\r\n\
         Connection: close\r\n\r\n{body}",
        server.key,
        body.len()
    );
    let answer = send(&server.base, &request).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, DOCUMENTED_CARD));
}

/// One that sends a body and its length with every verb, and retries what is 500 or above.
async fn bodies_on_every_verb(server: &Server) {
    for (line, body, status) in [
        ("GET /v1/customers/2526546/paymentmethods", "{}", 200),
        ("GET /v1/customers/2526546/CreditCards", "null", 200),
        ("GET /v1/customers?query=id:2526546", "{\"a\":1}", 200),
        ("GET /v1/countries", "[]", 200),
        ("POST /v1/paymentMethods/makeDefault?id=1&type=creditCard", "", 200),
        ("DELETE /v1/paymentMethods/99/creditCard", "{\"id\":99}", 404),
        ("GET /v1/paymentMethods/1/creditCard", &"x".repeat(100_000), 200),
        ("DELETE /v1/paymentMethods/1/creditCard", "not json", 204),
    ] {
        let request = format!(
            "{line} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/json\r\n\
             Authorization: Basic {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            server.key,
            body.len()
        );
        let answer = send(&server.base, &request).await;
        assert_eq!(answer.status, status, "{line}: {}", answer.body);
        assert!(status != 200 || !answer.body.contains("ErrorId"), "{line}");
    }
}

/// One that posts to a path with a slash at its end, and makes the header from the raw secret.
async fn raw_secret(server: &Server) {
    let header = STANDARD.encode(format!("0:{}", server.secret()));
    let body = DOCUMENTED;
    let request = format!(
        "POST /v1/paymentMethodImport/stripe/ HTTP/1.1\r\nHost: localhost\r\n\
         Authorization: Basic {header}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let answer = send(&server.base, &request).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, DOCUMENTED_CARD));
}

async fn public_clients_change_the_host_and_go_on(backend: Backend) {
    let server = Server::on(backend).await;
    axios(&server).await;
    raw_secret(&server).await;
    bodies_on_every_verb(&server).await;
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_public_clients_change_the_host_and_go_on() {
    public_clients_change_the_host_and_go_on(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_public_clients_change_the_host_and_go_on() {
    public_clients_change_the_host_and_go_on(Backend::postgres().await).await;
}
