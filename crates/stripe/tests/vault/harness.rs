//! A vault over a mock server, and the data that others recorded.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cardlift_core::bank_account::VaultBankAccount;
use cardlift_core::card::VaultCard;
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;
use cardlift_core::ports::{CardVault, VaultError};
use cardlift_core::vault::VaultAccount;
use cardlift_stripe::{StripeVault, StripeVaultBuilder};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
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
    read_in(vault, &VaultAccount::DEFAULT, customer, card).await.map(a_card)
}

pub(crate) async fn read_in(
    vault: &StripeVault,
    scope: &VaultAccount,
    customer: &str,
    card: &str,
) -> Result<Instrument, VaultError> {
    let customer = ExternalCustomerId::parse(customer).expect("a customer id");
    let card = ExternalCardId::parse(card).expect("a card id");
    vault.read(scope, &customer, &card).await
}

fn a_card(instrument: Instrument) -> VaultCard {
    match instrument {
        Instrument::Card(card) => card,
        other @ Instrument::BankAccount(_) => panic!("no card: {other:?}"),
    }
}

/// What the vault makes of a body for this bank account.
pub(crate) async fn read_bank_account(
    id: &str,
    body: &Value,
) -> Result<VaultBankAccount, VaultError> {
    match instrument_in(id, body).await? {
        Instrument::BankAccount(account) => Ok(account),
        other @ Instrument::Card(_) => panic!("no bank account: {other:?}"),
    }
}

/// A server that hands each connection to this, with how many there were before; where it is, and
/// how many there were.
pub(crate) async fn accepting<F>(
    serve: impl Fn(TcpStream, usize) -> F + Send + 'static,
) -> (String, Arc<AtomicUsize>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let before = counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve(connection, before));
        }
    });
    (base, count)
}

/// A server that gives this answer to everything.
pub(crate) async fn server(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// What the vault makes of a body for this card.
pub(crate) async fn read_body(card: &str, body: &Value) -> Result<VaultCard, VaultError> {
    instrument_in(card, body).await.map(a_card)
}

pub(crate) async fn instrument_in(card: &str, body: &Value) -> Result<Instrument, VaultError> {
    let server = MockServer::start().await;
    let collection = if card.starts_with("pm_") { "payment_methods" } else { "sources" };
    let at = path(format!("/v1/customers/{CUSTOMER}/{collection}/{card}"));
    let answer = ResponseTemplate::new(200).set_body_json(body);
    Mock::given(at).respond_with(answer).mount(&server).await;
    read_in(&vault(&server.uri()), &VaultAccount::DEFAULT, CUSTOMER, card).await
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
