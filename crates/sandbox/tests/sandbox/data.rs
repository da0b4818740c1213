//! Who is there, and what is told of whom is not.

use cardlift_sandbox::{
    DEFAULTS_CUSTOMER, DOCUMENTED_CUSTOMER, MANY_CARDS_CUSTOMER, NO_CARD_CUSTOMER, SHARED_EMAIL,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::Visit;

#[rstest]
#[case("cus_Synthetic0000000", "person0@example.com", json!({"customerId": "1"}))]
#[case("cus_Synthetic0000041", "person41@example.com", json!({"customerId": "42"}))]
#[case(DOCUMENTED_CUSTOMER, "john.doe@example.com", json!({"customerId": "2526546"}))]
#[case(NO_CARD_CUSTOMER, "jane.austen@example.com", json!({"customerId": "2526548"}))]
#[case(MANY_CARDS_CUSTOMER, SHARED_EMAIL, json!({}))]
#[case(DEFAULTS_CUSTOMER, SHARED_EMAIL, json!({}))]
#[tokio::test(flavor = "multi_thread")]
async fn a_customer_has_an_email_address_and_its_number_in_the_account(
    #[case] id: &str,
    #[case] email: &str,
    #[case] metadata: Value,
) {
    let customer = Visit::to(42).get(&format!("/v1/customers/{id}")).await;
    assert_eq!((&customer["email"], &customer["metadata"]), (&json!(email), &metadata));
}

#[rstest]
#[case("cus_LiveAna", "customer: 'cus_LiveAna'")]
#[case("cus_LiveAna/sources", "customer: 'cus_LiveAna'")]
#[case("cus_LiveAna/sources/card_1", "customer: 'cus_LiveAna'")]
#[case("cus_AExsNjBZDLMNDK/sources/card_LiveVisa", "source: 'card_LiveVisa'")]
#[case("cus_AExsNjBZDLMNDK/payment_methods/pm_LiveVisa", "PaymentMethod: 'pm_LiveVisa'")]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_live_mode_is_said_to_be_there(#[case] below: &str, #[case] what: &str) {
    let (status, body) = Visit::to(0).answer(&format!("/v1/customers/{below}")).await;
    let expected = format!(
        "No such {what}; a similar object exists in live mode, but a test mode key was used to \
         make this request."
    );
    assert_eq!(status, 404);
    assert_eq!(body["error"]["code"], "resource_missing");
    assert_eq!(body["error"]["message"], expected);
}
