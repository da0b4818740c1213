//! How lists are asked for, and what is missing of them.

use cardlift_core::ports::{CustomerRange, HoldingKind, VaultCatalog, VaultError};
use cardlift_core::vault::VaultAccount;
use serde_json::json;
use wiremock::{MockServer, ResponseTemplate};

use crate::catalog::{ALL, answering, list, the_customer};
use crate::harness::{CUSTOMER, server, vault};

/// The path and the parameters of the last request.
async fn last_request(server: &MockServer) -> (String, Vec<String>) {
    let url = server.received_requests().await.expect("recorded").pop().expect("a request").url;
    let pairs = url.query_pairs().map(|(name, value)| format!("{name}={value}"));
    (url.path().to_owned(), pairs.collect())
}

#[tokio::test]
async fn each_list_is_asked_for_a_hundred_at_a_time_after_the_last_one_with_what_is_expanded() {
    let server = answering(&list(&[])).await;
    let vault = vault(&server.uri());
    let id = the_customer();
    let scope = VaultAccount::DEFAULT;
    let range = CustomerRange { from: 5, to: Some(9), after: Some(&id) };
    vault.customers(&scope, range).await.expect("a page");
    let (path, query) = last_request(&server).await;
    assert_eq!(path, "/v1/customers");
    let after = format!("starting_after={CUSTOMER}");
    let expected = [
        "limit=100",
        "created[gte]=5",
        "created[lte]=9",
        &after,
        "expand[]=data.sources",
        "expand[]=data.default_source",
        "expand[]=data.invoice_settings.default_payment_method",
    ];
    assert_eq!(query, expected);
    vault.holdings(&scope, &id, HoldingKind::Source, Some("card_1")).await.expect("a page");
    let (path, query) = last_request(&server).await;
    assert_eq!(path, format!("/v1/customers/{CUSTOMER}/sources"));
    assert_eq!(query, ["limit=100", "starting_after=card_1"]);
    vault.holdings(&scope, &id, HoldingKind::PaymentMethod, None).await.expect("a page");
    let (path, query) = last_request(&server).await;
    assert_eq!(path, format!("/v1/customers/{CUSTOMER}/payment_methods"));
    assert_eq!(query, ["limit=100", "type=card"]);
    vault.customer(&scope, &id).await.expect_err("a list is no customer");
    let (path, query) = last_request(&server).await;
    assert_eq!(path, format!("/v1/customers/{CUSTOMER}"));
    let expected = [
        "expand[]=sources",
        "expand[]=default_source",
        "expand[]=invoice_settings.default_payment_method",
    ];
    assert_eq!(query, expected);
}

fn missing(message: &str, param: &str) -> ResponseTemplate {
    let error = json!({"code": "resource_missing", "message": message, "param": param});
    ResponseTemplate::new(404).set_body_json(json!({"error": error}))
}

#[tokio::test]
async fn what_is_missing_is_told_by_what_was_asked_for() {
    let server = server(missing("Not there", "id")).await;
    let (vault, id, scope) = (vault(&server.uri()), the_customer(), VaultAccount::DEFAULT);
    let error = vault.customer(&scope, &id).await.expect_err("missing");
    assert!(matches!(error, VaultError::CustomerNotFound { .. }), "{error:?}");
    let kind = HoldingKind::Source;
    let error = vault.holdings(&scope, &id, kind, None).await.expect_err("missing");
    assert!(matches!(error, VaultError::CustomerNotFound { .. }), "{error:?}");
    let error = vault.holdings(&scope, &id, kind, Some("card_1")).await.expect_err("missing");
    assert!(matches!(error, VaultError::CardNotFound { .. }), "{error:?}");
    let error = vault.customers(&scope, ALL).await.expect_err("missing");
    assert!(matches!(error, VaultError::Refused { .. }), "{error:?}");
}
