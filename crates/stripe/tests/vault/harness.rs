//! A vault over a mock server, and the data that others recorded.

use std::time::Duration;

use cardlift_core::card::VaultCard;
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::ports::{CardVault, VaultError};
use cardlift_stripe::{StripeVault, StripeVaultBuilder};
use serde_json::Value;
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

pub(crate) const CUSTOMER: &str = "cus_6lsBvm5rJ0zyHc";
pub(crate) const CARD: &str = "card_fakefakefakefakefake0001";

/// A builder whose waits are over at once.
pub(crate) fn builder(base: &str) -> StripeVaultBuilder {
    let builder = StripeVault::builder("sk_test_planted".into()).api_base(base);
    builder.backoff(Duration::ZERO, Duration::ZERO)
}

pub(crate) fn vault(base: &str) -> StripeVault {
    builder(base).build().expect("a vault")
}

pub(crate) async fn read(
    vault: &StripeVault,
    customer: &str,
    card: &str,
) -> Result<VaultCard, VaultError> {
    let customer = ExternalCustomerId::parse(customer).expect("a customer id");
    let card = ExternalCardId::parse(card).expect("a card id");
    vault.read_card(&customer, &card).await
}

/// A server that gives this answer to everything.
pub(crate) async fn server(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// What the vault makes of a body for this card.
pub(crate) async fn read_body(card: &str, body: &Value) -> Result<VaultCard, VaultError> {
    let server = MockServer::start().await;
    let collection = if card.starts_with("pm_") { "payment_methods" } else { "sources" };
    let at = path(format!("/v1/customers/{CUSTOMER}/{collection}/{card}"));
    let answer = ResponseTemplate::new(200).set_body_json(body);
    Mock::given(at).respond_with(answer).mount(&server).await;
    read(&vault(&server.uri()), CUSTOMER, card).await
}

/// One card, recorded in its two shapes.
pub(crate) fn two_shapes() -> (Value, Value) {
    let data = json(include_str!("../../fixtures/same-card-two-shapes.json"));
    let as_card = data["GET /v1/customers/{cus}/sources/{card}"].clone();
    let as_payment_method = data["GET /v1/payment_methods/{card}"].clone();
    (as_card, as_payment_method)
}

/// An object of the published samples, as if it belonged to the customer that is asked about.
pub(crate) fn sample(name: &str) -> Value {
    let data = json(include_str!("../../fixtures/openapi-fixtures-excerpt.json"));
    let mut object = data["resources"][name].clone();
    assert!(object.is_object(), "{name} is in the samples");
    if object.get("customer").is_some() {
        object["customer"] = CUSTOMER.into();
    }
    object
}

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}
