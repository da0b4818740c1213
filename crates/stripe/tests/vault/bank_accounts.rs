//! Bank accounts, in each shape.

use cardlift_core::bank_account::BankAccountType;
use cardlift_core::ports::VaultError;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{CUSTOMER, read_bank_account, sample};

const ID: &str = "ba_1PgagAB7WZ01zgkWr3DySp2Q";

#[tokio::test]
async fn the_published_sample_of_a_bank_account_is_read() {
    let account = read_bank_account(ID, &sample("bank_account")).await.expect("a bank account");
    assert_eq!(account.number.to_string(), "****6789");
    assert_eq!(account.transit_number.map(|n| n.to_string()).as_deref(), Some("****0000"));
    assert_eq!(account.account_type, BankAccountType::Unknown);
    assert_eq!((account.holder.first(), account.holder.last()), ("Jane", "Austen"));
    assert_eq!(account.holder_type.as_deref(), Some("company"));
    assert_eq!(account.bank_name.as_deref(), Some("STRIPE TEST BANK"));
    assert_eq!(account.bank_country.as_deref(), Some("US"));
    assert_eq!(account.currency.as_deref(), Some("usd"));
    assert_eq!(account.verification.as_deref(), Some("new"));
    assert_eq!(account.external_customer.as_str(), CUSTOMER);
    assert_eq!(account.external_card.as_str(), ID);
    assert_eq!(account.address, cardlift_core::card::Address::default());
}

#[tokio::test]
async fn a_payment_method_that_is_a_bank_account_brings_its_holder_s_address() {
    let method = json!({
        "id": "pm_1", "object": "payment_method", "type": "us_bank_account", "customer": CUSTOMER,
        "billing_details": {"name": "Ana Lima", "address": {"line1": "1 Main St", "country": "US"}},
        "us_bank_account": {"account_holder_type": "individual", "account_type": "savings",
            "bank_name": "BANK", "fingerprint": "f", "last4": "6789",
            "routing_number": "110000000"}
    });
    let account = read_bank_account("pm_1", &method).await.expect("a bank account");
    assert_eq!(account.account_type, BankAccountType::Savings);
    assert_eq!(account.holder.full(), "Ana Lima");
    assert_eq!(account.address.line1.as_deref(), Some("1 Main St"));
    assert_eq!(account.verification, None);
}

#[rstest]
#[case("id", json!("ba_another"))]
#[case("customer", json!("cus_another"))]
#[case("last4", json!("000123456789"))]
#[case("last4", json!(null))]
#[tokio::test]
async fn a_bank_account_with_a_field_that_can_t_be_is_not_believed(
    #[case] field: &str,
    #[case] value: Value,
) {
    let mut account = sample("bank_account");
    account[field] = value;
    let error = read_bank_account(ID, &account).await.expect_err("not believed");
    assert!(matches!(error, VaultError::Unreadable { .. }), "{error:?}");
    assert!(!format!("{error:?}").contains("0001234"), "no number gets into the log");
}

#[tokio::test]
async fn a_dash_in_the_bank_s_number_and_a_missing_one_are_no_hindrance() {
    let mut account = sample("bank_account");
    account["routing_number"] = "11000-000".into();
    let read = read_bank_account(ID, &account).await.expect("a bank account");
    assert_eq!(read.transit_number.map(|n| n.to_string()).as_deref(), Some("****0000"));
    account["routing_number"] = json!(null);
    let read = read_bank_account(ID, &account).await.expect("a bank account");
    assert_eq!(read.transit_number, None);
}
