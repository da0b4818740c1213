//! Every row of the table of errors.

use std::time::Duration;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use cardlift_core::ports::VaultError;
use rstest::rstest;

use crate::harness::{BODY, PATH, Says, World, authorized, import};

#[actix_web::test]
async fn an_unknown_customer_is_not_found_and_the_vault_is_not_asked() {
    let world = World::new().await;
    let answer = world.send(import(BODY.replace(":1,", ":1325,"))).await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.values(), ["Customer with id 1325 not found."]);
    assert_eq!(world.vault_was_asked(), 0);
}

#[rstest]
#[case(|| VaultError::CardNotFound { message: "No such source: 'card_1'".into() }, 404, "No such source: 'card_1'")]
#[case(|| VaultError::CustomerNotFound { message: "No such customer: 'cus_1'".into() }, 404, "No such customer: 'cus_1'")]
#[case(|| VaultError::WrongMode { message: "No such source: 'card_1'; a similar object exists in live mode".into() }, 404, "No such source: 'card_1'; a similar object exists in live mode")]
#[case(|| VaultError::OtherObject { object: "account".into() }, 400, "stripeCardId must be a card or bank account: under this id the vault holds \"account\".")]
#[case(|| VaultError::CredentialsRefused, 502, "The vault refuses the credentials of this server. Its operator has to see to it.")]
#[case(|| VaultError::Refused { source: "planted".into() }, 502, "The vault refuses to hand it out.")]
#[case(|| VaultError::Unreadable { source: "planted".into() }, 502, "The vault's answer can't be understood.")]
#[case(|| VaultError::Throttled { retry_after: Duration::from_secs(3) }, 503, "The vault takes no more requests. Try again later.")]
#[case(|| VaultError::Unavailable { retry_after: Duration::from_secs(3), source: "planted".into() }, 503, "The vault is out of reach. Try again later.")]
#[actix_web::test]
async fn each_failure_of_the_vault_is_told_apart(
    #[case] error: fn() -> VaultError,
    #[case] status: u16,
    #[case] value: &str,
) {
    let world = World::new().await;
    world.vault_says(Says::Error(error));
    let answer = world.send(import(BODY)).await;
    assert_eq!(answer.status.as_u16(), status);
    assert_eq!(answer.values(), [value]);
    assert_eq!(answer.header("retry-after"), (status == 503).then_some("3"));
}

#[actix_web::test]
async fn every_wrong_field_has_an_entry() {
    let world = World::new().await;
    let answer = world.send(import("{customerId:'x',stripeCustomerId:'1'}")).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.values(),
        [
            "customerId must be a whole number from 1 to 9223372036854775807.",
            "stripeCustomerId must start with cus_.",
            "stripeCardId is required.",
        ]
    );
}

#[rstest]
#[case("", 400, "The request body is not JSON: it is empty, or ends too early.")]
#[case("{a:1 b:2}", 400, "The request body is not JSON: it can't be read at line 1, column 6.")]
#[case("[1]", 400, "The request body must be a JSON object.")]
#[case(&" ".repeat(16 * 1024 + 1), 413, "The request body is longer than 16384 bytes.")]
#[case(&"[".repeat(65), 400, "The request body holds more than 64 objects and lists.")]
#[actix_web::test]
async fn a_body_that_can_t_be_read_is_told_why(
    #[case] body: &str,
    #[case] status: u16,
    #[case] value: &str,
) {
    let answer = World::new().await.send(import(body.to_owned())).await;
    assert_eq!(answer.status.as_u16(), status);
    assert_eq!(answer.values(), [value]);
}

#[rstest]
#[case("application/x-www-form-urlencoded")]
#[case("application/xml")]
#[case("application/jsonx")]
#[actix_web::test]
async fn another_content_type_is_refused(#[case] content_type: &str) {
    let request = import(BODY).insert_header(("Content-Type", content_type));
    let answer = World::new().await.send(request).await;
    assert_eq!(answer.status, 415);
    assert_eq!(answer.values(), ["The Content-Type must be application/json."]);
}

#[rstest]
#[case("/")]
#[case("/v1/paymentMethodImport")]
#[case("/v2/paymentMethodImport/Stripe")]
#[actix_web::test]
async fn an_unknown_path_is_not_found(#[case] path: &str) {
    let answer = World::new().await.send(authorized(TestRequest::post().uri(path))).await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.values(), ["There is nothing at this path."]);
}

#[rstest]
#[case(PATH, Method::GET, "POST")]
#[case(PATH, Method::DELETE, "POST")]
#[case("/healthz", Method::POST, "GET, HEAD")]
#[case("/readyz", Method::PUT, "GET, HEAD")]
#[case("/v1/achCardImport/Stripe", Method::PUT, "POST")]
#[case("/v1/paymentMethods/makeDefault", Method::GET, "POST")]
#[case("/v1/paymentMethods/1/creditCard", Method::POST, "GET, DELETE")]
#[case("/v1/customers/1/paymentMethods/all", Method::DELETE, "GET")]
#[case("/v1/countries", Method::POST, "GET")]
#[case("/v1/paymentMethodImport/Stripe/jobs", Method::PUT, "POST, GET")]
#[case("/v1/paymentMethodImport/stripeConnect/jobs", Method::GET, "POST")]
#[case("/v1/paymentMethodImport/Stripe/jobs/1/undo", Method::GET, "POST")]
#[case("/admin/accounts", Method::DELETE, "GET, POST")]
#[case("/admin/accounts/1", Method::PUT, "GET, PATCH")]
#[case("/admin/accounts/1/vaultKey", Method::GET, "PUT, DELETE")]
#[case("/admin/accounts/1/keys/1", Method::GET, "DELETE")]
#[actix_web::test]
async fn a_wrong_verb_is_told_the_right_ones(
    #[case] path: &str,
    #[case] verb: Method,
    #[case] allowed: &str,
) {
    let request = TestRequest::default().method(verb).uri(path);
    let answer = World::new().await.send(request).await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.header("allow"), Some(allowed));
    assert_eq!(answer.values(), ["This path does not take this HTTP method."]);
}

#[actix_web::test]
async fn a_bug_of_ours_is_an_answer_too() {
    let world = World::new().await;
    world.vault_says(Says::Panic);
    let answer = world.send(import(BODY)).await;
    assert_eq!(answer.status, 500);
    assert_eq!(answer.values().len(), 1);
}
