//! Every shape of object that a customer can have.

use cardlift_core::card::{CardBrand, Funding, VaultCard};
use cardlift_core::ports::VaultError;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{CARD, CUSTOMER, read_body, sample, two_shapes};

#[tokio::test]
async fn a_card_is_the_same_in_both_of_its_shapes() {
    let (as_card, as_payment_method) = two_shapes();
    let card = read_body(CARD, &as_card).await.expect("a card");
    assert_eq!(card.number.to_string(), "************4242");
    assert_eq!((card.expiry.month(), card.expiry.year()), (6, 2021));
    assert_eq!((card.holder.first(), card.holder.last()), ("Jenny", "Rosen"));
    assert_eq!((&card.brand, card.funding), (&CardBrand::Visa, Funding::Credit));
    assert_eq!(card.issuer_country.as_deref(), Some("US"));
    assert_eq!(card.fingerprint.as_deref(), Some("88PuXw9tEmvYe69o"));
    assert_eq!(card.external_customer.as_str(), CUSTOMER);
    assert_eq!(card.external_card.as_str(), CARD);
    assert_eq!(card, read_body(CARD, &as_payment_method).await.expect("a payment method"));
}

#[tokio::test]
async fn the_published_sample_of_a_payment_method_brings_its_address() {
    let object = sample("payment_method");
    let card = read_body("pm_1Pgc75B7WZ01zgkWlHVgdEGJ", &object).await.expect("a card");
    assert_eq!(card.address.line1.as_deref(), Some("1234 Fake Street"));
    assert_eq!(card.address.city.as_deref(), Some("San Francisco"));
    assert_eq!(card.address.state.as_deref(), Some("CA"));
    assert_eq!(card.address.postal_code.as_deref(), Some("94102"));
    assert_eq!(card.address.country.as_deref(), Some("US"));
    assert_eq!(card.holder.full(), "");
}

#[tokio::test]
async fn the_published_sample_of_a_card_is_read() {
    let card = read_body("card_1PgaftB7WZ01zgkWm3waTcFp", &sample("card")).await.expect("a card");
    assert_eq!((card.expiry.month(), card.expiry.year()), (8, 2030));
}

#[tokio::test]
async fn a_source_takes_from_its_owner_what_the_card_lacks() {
    let source = json!({
        "id": "src_1", "object": "source", "type": "card", "customer": CUSTOMER,
        "owner": {"name": "Ana Lima", "address": {"line1": "1 Main St", "country": "CA"}},
        "card": {"brand": "American Express", "last4": "0005", "exp_month": 1, "exp_year": 2031,
            "funding": "debit", "country": "CA", "fingerprint": "f", "address_line1": null}
    });
    let card = read_body("src_1", &source).await.expect("a card");
    assert_eq!(card.holder.full(), "Ana Lima");
    assert_eq!(card.address.line1.as_deref(), Some("1 Main St"));
    assert_eq!(card.brand, CardBrand::AmericanExpress);
}

#[rstest]
#[case("card_1PgafTB7WZ01zgkW", sample("payment_source"), "account")]
#[case("src_1Pgc75B7WZ01zgkWn9ogkWOr", sample("source"), "ach_credit_transfer")]
#[case("pm_1", json!({"id": "pm_1", "object": "payment_method", "type": "sepa_debit"}), "sepa_debit")]
#[tokio::test]
async fn what_is_neither_card_nor_bank_account_is_named_by_what_it_says_it_is(
    #[case] id: &str,
    #[case] object: Value,
    #[case] expected: &str,
) {
    match read_body(id, &object).await {
        Err(VaultError::OtherObject { object }) => assert_eq!(object, expected),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_deleted_card_is_not_found() {
    let deleted = json!({"id": CARD, "object": "card", "deleted": true});
    let error = read_body(CARD, &deleted).await.expect_err("gone");
    assert_eq!(error.to_string(), format!("No such source: '{CARD}'"));
}

#[rstest]
#[case("id", json!("card_another"))]
#[case("customer", json!("cus_another"))]
#[case("last4", json!("4242424242424242"))]
#[case("last4", json!(null))]
#[case("exp_month", json!(13))]
#[case("exp_year", json!("twenty"))]
#[case("object", json!("a b"))]
#[tokio::test]
async fn a_card_with_a_field_that_can_t_be_is_not_believed(
    #[case] field: &str,
    #[case] value: Value,
) {
    let mut card = two_shapes().0;
    card[field] = value;
    let error = read_body(CARD, &card).await.expect_err("not believed");
    assert!(matches!(error, VaultError::Unreadable { .. }), "{error:?}");
    assert!(!format!("{error:?}").contains("4242"), "nothing of a card gets into the log");
}

#[tokio::test]
async fn what_is_never_there_for_sure_may_be_missing() {
    let mut card = two_shapes().0;
    let object = card.as_object_mut().expect("an object");
    for field in ["name", "country", "fingerprint", "funding", "address_city", "customer"] {
        object.remove(field);
    }
    let card = read_body(CARD, &card).await.expect("a card");
    assert_eq!((card.holder.full(), card.funding), ("", Funding::Unknown));
}

/// Somebody typed it in the wrong place, and the card can be imported without.
#[tokio::test]
async fn a_text_that_looks_like_a_card_number_is_left_out() {
    let mut card = two_shapes().0;
    card["name"] = json!("4242 4242 4242 4242");
    card["address_line1"] = json!("1 Main St, card 4242424242424242");
    card["address_city"] = json!("Springfield");
    card["brand"] = json!("4242424242424242");
    let card = read_body(CARD, &card).await.expect("a card");
    assert_eq!((card.holder.full(), card.address.line1), ("", None));
    assert_eq!(card.address.city.as_deref(), Some("Springfield"));
    assert!(!format!("{:?}", card.brand).contains("4242"), "{:?}", card.brand);
    let other = json!({"id": CARD, "object": "4242424242424242"});
    let error = read_body(CARD, &other).await.expect_err("no card");
    assert!(!format!("{error:?}").contains("4242"), "{error:?}");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-z_]{1,8}", inner, 0..4)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn read_now(body: &Value) -> Result<VaultCard, VaultError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(read_body(CARD, body))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// One field of a real card is anything at all.
    #[test]
    fn whatever_a_field_holds_a_card_that_comes_back_is_the_one_asked_for(
        field in proptest::sample::select(two_shapes().0.as_object().expect("an object").keys().cloned().collect::<Vec<_>>()),
        value in any_json(),
    ) {
        let mut body = two_shapes().0;
        body[&field] = value;
        if let Ok(card) = read_now(&body) {
            prop_assert_eq!(card.external_card.as_str(), CARD);
            prop_assert_eq!(body["id"].as_str(), Some(CARD));
        }
    }

    #[test]
    fn no_answer_at_all_makes_a_card_or_a_panic(body in any_json()) {
        prop_assert!(read_now(&body).is_err());
    }
}
