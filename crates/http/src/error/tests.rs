use std::time::Duration;

use cardlift_core::customer::CustomerId;
use cardlift_core::ports::{StoreErrorKind, VaultError};
use rstest::rstest;

use super::*;

#[track_caller]
fn check(error: impl Into<ApiError>, status: u16, retry_after: Option<u64>, value: &str) {
    let reply = error.into().reply();
    assert_eq!((reply.status.as_u16(), reply.retry_after), (status, retry_after));
    let body: serde_json::Value = serde_json::from_slice(&reply.body).expect("JSON");
    let expected = serde_json::json!({
        "ErrorId": 0,
        "HttpStatusCode": status,
        "Errors": [{"Key": "Api Error", "Value": value}],
    });
    assert_eq!(body, expected);
}

fn import(error: VaultError) -> ApiError {
    ApiError::Import(ImportCardError::Vault(error))
}

#[test]
fn an_unknown_customer_has_the_documented_body_byte_for_byte() {
    let customer = CustomerId::try_from(1325).expect("an id");
    let reply = ApiError::from(ImportCardError::CustomerNotFound(customer)).reply();
    assert_eq!(
        String::from_utf8_lossy(&reply.body),
        r#"{"ErrorId":0,"HttpStatusCode":404,"Errors":[{"Key":"Api Error","Value":"Customer with id 1325 not found."}]}"#
    );
}

#[test]
fn what_the_vault_does_not_have_is_told_in_its_words() {
    let message = "No such source: 'card_1'".to_owned();
    check(import(VaultError::CardNotFound { message: message.clone() }), 404, None, &message);
    let message = "No such customer: 'cus_1'".to_owned();
    check(import(VaultError::CustomerNotFound { message: message.clone() }), 404, None, &message);
    let message = "No such source: 'card_1'; a similar object exists in live mode".to_owned();
    check(import(VaultError::WrongMode { message: message.clone() }), 404, None, &message);
    check(
        import(VaultError::OtherObject { object: "account".into() }),
        400,
        None,
        "stripeCardId must be a card or bank account: under this id the vault holds \"account\".",
    );
}

#[test]
fn a_vault_in_trouble_is_told_from_one_that_refuses_us() {
    check(
        import(VaultError::CredentialsRefused),
        502,
        None,
        "The vault refuses the credentials of this server. Its operator has to see to it.",
    );
    let source = || "planted".into();
    check(
        import(VaultError::Unreadable { source: source() }),
        502,
        None,
        "The vault's answer can't be understood.",
    );
    check(
        import(VaultError::Refused { source: source() }),
        502,
        None,
        "The vault refuses to hand it out.",
    );
    let retry_after = Duration::from_millis(1_001);
    check(
        import(VaultError::Throttled { retry_after }),
        503,
        Some(2),
        "The vault takes no more requests. Try again later.",
    );
    check(
        import(VaultError::Unavailable { retry_after: Duration::ZERO, source: source() }),
        503,
        Some(1),
        "The vault is out of reach. Try again later.",
    );
}

#[rstest]
#[case(StoreErrorKind::Unavailable, 503, Some(5), "The database is out of reach. Try again later.")]
#[case(StoreErrorKind::Corrupt, 500, None, said_of_store_failure())]
#[case(StoreErrorKind::Failed, 500, None, said_of_store_failure())]
fn a_database_in_trouble_tells_nothing_of_itself(
    #[case] kind: StoreErrorKind,
    #[case] status: u16,
    #[case] retry_after: Option<u64>,
    #[case] value: &str,
) {
    let error = || StoreError::new(kind, "planted");
    check(error(), status, retry_after, value);
    check(ImportCardError::Store(error()), status, retry_after, value);
    check(AuthenticateError::Store(error()), status, retry_after, value);
}
