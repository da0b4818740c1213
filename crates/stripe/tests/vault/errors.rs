//! Every error body that was recorded, and what a caller gets to see of it.

use cardlift_core::account::AccountId;
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::ports::VaultError;
use cardlift_core::vault::VaultAccount;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::harness::{CARD, CUSTOMER, json, read, read_in, server, vault};

/// What the vault makes of an error of the recordings.
async fn recorded(name: &str) -> VaultError {
    let data = json(include_str!("../../fixtures/errors.json"));
    let errors = data["errors"].as_array().expect("errors");
    let error = errors.iter().find(|error| error["name"] == name).expect("a recorded error");
    let status = error["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    let mut answer = ResponseTemplate::new(status.expect("a status")).set_body_json(&error["body"]);
    for (name, value) in error["headers"].as_object().expect("headers") {
        if name != "Content-Type" {
            answer = answer.insert_header(name.as_str(), value.as_str().expect("a value"));
        }
    }
    let server = server(answer).await;
    read(&vault(&server.uri()), CUSTOMER, CARD).await.expect_err("an error")
}

fn kind(error: &VaultError) -> &'static str {
    match error {
        VaultError::CardNotFound { .. } => "card not found",
        VaultError::CustomerNotFound { .. } => "customer not found",
        VaultError::WrongMode { .. } => "wrong mode",
        VaultError::OtherObject { .. } => "another object",
        VaultError::NoCredentials | VaultError::CredentialsUnreadable { .. } => "no credentials",
        VaultError::CredentialsRefused => "credentials refused",
        VaultError::Refused { .. } => "refused",
        VaultError::Throttled { .. } => "throttled",
        VaultError::Unavailable { .. } => "unavailable",
        VaultError::Unreadable { .. } => "unreadable",
    }
}

#[rstest]
#[case("missing_customer", "customer not found", "No such customer: 'cus_ExampleMissing'")]
#[case("missing_source", "card not found", "No such source: src_ExampleMissing")]
#[case("missing_source_quoted", "card not found", "No such source: 'card_1ExampleMissing'")]
#[case(
    "missing_payment_method",
    "card not found",
    "No such source: 'card_fakefakefakefakefake0001'"
)]
#[case("customer_lacks_card", "card not found", "No such source: 'card_fakefakefakefakefake0001'")]
#[case(
    "wrong_mode",
    "wrong mode",
    "No such customer: 'cus_Example'; a similar object exists in live mode, but a test mode key was used to make this request."
)]
#[case("invalid_api_key", "credentials refused", "the vault refuses our credentials")]
#[case("no_api_key", "credentials refused", "the vault refuses our credentials")]
#[case("permission", "credentials refused", "the vault refuses our credentials")]
#[case("connect_account_invalid", "credentials refused", "the vault refuses our credentials")]
#[case("rate_limit", "throttled", "the vault throttles our requests")]
#[case("lock_timeout", "throttled", "the vault throttles our requests")]
#[case("server_error", "unavailable", "the vault is out of reach")]
#[tokio::test]
async fn each_recorded_error_has_its_meaning(
    #[case] name: &str,
    #[case] expected: &str,
    #[case] message: &str,
) {
    let error = recorded(name).await;
    assert_eq!((kind(&error), error.to_string().as_str()), (expected, message));
    let whole = format!("{error:?}");
    for secret in ["sk_", "rk_", "acct_", "EXMP"] {
        assert!(!whole.contains(secret), "{whole}");
    }
}

#[test]
fn no_recorded_error_is_left_out() {
    let data = json(include_str!("../../fixtures/errors.json"));
    assert_eq!(data["errors"].as_array().map(Vec::len), Some(13));
}

async fn answered(status: u16, body: Value) -> VaultError {
    let server = server(ResponseTemplate::new(status).set_body_json(body)).await;
    read(&vault(&server.uri()), CUSTOMER, CARD).await.expect_err("an error")
}

fn missing(message: &str, param: &str) -> Value {
    json!({"error": {"code": "resource_missing", "message": message, "param": param}})
}

#[rstest]
#[case("No such source: 'x' on acct_1PgafTB7WZ01zgkW")]
#[case("No such source: sk_live_fragment")]
#[case("Something else")]
#[tokio::test]
async fn a_text_that_might_tell_too_much_is_written_anew(#[case] message: &str) {
    let error = answered(404, missing(message, "id")).await;
    assert_eq!(error.to_string(), format!("No such source: '{CARD}'"));
}

#[tokio::test]
async fn a_missing_customer_is_known_by_the_parameter_too() {
    let error = answered(404, missing("Not there", "customer")).await;
    assert_eq!(error.to_string(), format!("No such customer: '{CUSTOMER}'"));
}

#[rstest]
#[case(404, json!({"error": {"message": "Unrecognized request URL"}}), "refused")]
#[case(400, json!({"error": {"code": "parameter_invalid", "message": "secret text"}}), "refused")]
#[case(402, json!({}), "refused")]
#[case(418, json!("no error at all"), "refused")]
#[case(302, json!({}), "unreadable")]
#[case(204, json!({}), "unreadable")]
#[tokio::test]
async fn any_other_refusal_is_not_taken_for_a_missing_card(
    #[case] status: u16,
    #[case] body: Value,
    #[case] expected: &str,
) {
    let error = answered(status, body).await;
    assert_eq!(kind(&error), expected);
    assert!(!format!("{error:?}").contains("secret text"));
}

#[rstest]
#[case(
    "No such source: 'card_1'; a similar object exists in live mode",
    "No such source: 'card_1'; a similar object exists in live mode"
)]
#[case(
    "No such PaymentMethod: 'pm_1'; a similar object exists in test mode",
    "No such PaymentMethod: 'pm_1'; a similar object exists in test mode"
)]
#[case(
    "No such source on acct_1; a similar object exists in live mode",
    "No such object: 'card_fakefakefakefakefake0001'; a similar object exists in the other mode than the key's."
)]
#[tokio::test]
async fn what_is_in_the_other_mode_is_told_from_what_is_nowhere(
    #[case] said: &str,
    #[case] expected: &str,
) {
    let error = answered(404, missing(said, "id")).await;
    assert_eq!((kind(&error), error.to_string().as_str()), ("wrong mode", expected));
}

#[tokio::test]
async fn the_key_is_checked_by_asking_for_a_customer_that_is_not_there() {
    let not_there = server(
        ResponseTemplate::new(404).set_body_json(missing("No such customer: 'cus_x'", "id")),
    )
    .await;
    assert!(vault(&not_there.uri()).check_credentials().await.is_ok());
    let refused = server(ResponseTemplate::new(401).set_body_json(json!({"error": {}}))).await;
    let error = vault(&refused.uri()).check_credentials().await.expect_err("refused");
    assert!(matches!(error, VaultError::CredentialsRefused));
}

#[tokio::test]
async fn each_request_names_its_key_version_and_account() {
    let server = server(ResponseTemplate::new(404)).await;
    let vault = vault(&server.uri());
    let connected = ConnectedAccountId::parse("acct_1PgafTB7WZ01zgkW").expect("an id");
    for scope in [VaultAccount::connected(AccountId::DEFAULT, connected), VaultAccount::DEFAULT] {
        read_in(&vault, &scope, CUSTOMER, CARD).await.expect_err("nothing there");
    }
    let requests = server.received_requests().await.expect("recorded");
    assert!(requests[1].headers.get("stripe-account").is_none(), "it is of one call alone");
    let header = |name: &str| requests[0].headers.get(name).and_then(|value| value.to_str().ok());
    assert_eq!(header("authorization"), Some("Bearer sk_test_planted"));
    assert_eq!(header("stripe-version"), Some(cardlift_stripe::API_VERSION));
    assert_eq!(header("stripe-account"), Some("acct_1PgafTB7WZ01zgkW"));
    assert!(header("accept-encoding").is_some_and(|value| value.contains("gzip")));
    assert!(header("user-agent").is_some_and(|value| value.starts_with("cardlift/")));
}
