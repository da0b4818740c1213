//! Lists of customers and of what they hold.

use cardlift_core::external_id::ExternalCustomerId;
use cardlift_core::ports::{
    CustomerRange, Holding, HoldingContent, HoldingKind, VaultCatalog, VaultCustomer, VaultError,
    VaultPage,
};
use cardlift_core::vault::VaultAccount;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::harness::{CARD, CUSTOMER, instrument_in, sample, server, two_shapes, vault};

/// A customer that pays with these sources.
fn customer(sources: &[Value]) -> Value {
    json!({
        "id": CUSTOMER, "object": "customer", "created": 1_600_000_000, "email": "a@example.com",
        "metadata": {"customerId": "17"}, "default_source": null,
        "invoice_settings": {"default_payment_method": null},
        "sources": {"object": "list", "data": sources, "has_more": false, "url": "/v1"}
    })
}

pub(crate) fn list(items: &[Value]) -> Value {
    json!({"object": "list", "url": "/v1/customers", "has_more": false, "data": items})
}

pub(crate) async fn answering(body: &Value) -> MockServer {
    server(ResponseTemplate::new(200).set_body_json(body)).await
}

pub(crate) const ALL: CustomerRange<'static> = CustomerRange { from: 0, to: None, after: None };

async fn page_of(body: &Value) -> Result<VaultPage<VaultCustomer>, VaultError> {
    let server = answering(body).await;
    vault(&server.uri()).for_bulk().customers(&VaultAccount::DEFAULT, ALL).await
}

/// The only customer of a page that has it alone.
async fn listed(body: Value) -> VaultCustomer {
    page_of(&list(&[body])).await.expect("a page").items.remove(0)
}

async fn one(body: &Value) -> Result<VaultCustomer, VaultError> {
    let server = answering(body).await;
    vault(&server.uri()).customer(&VaultAccount::DEFAULT, &the_customer()).await
}

async fn held(body: &Value, kind: HoldingKind) -> Result<VaultPage<Holding>, VaultError> {
    let server = answering(body).await;
    vault(&server.uri()).holdings(&VaultAccount::DEFAULT, &the_customer(), kind, None).await
}

pub(crate) fn the_customer() -> ExternalCustomerId {
    ExternalCustomerId::parse(CUSTOMER).expect("an id")
}

/// Each shape that can be read, with its id.
fn every_shape() -> Vec<(&'static str, Value)> {
    let source = json!({
        "id": "src_1", "object": "source", "type": "card", "customer": CUSTOMER,
        "owner": {"name": "Ana Lima \u{e9}\n", "address": {"line1": "1 Main St"}},
        "card": {"brand": "American Express", "last4": "0005", "exp_month": 1, "exp_year": 2031}
    });
    let us_bank_account = json!({
        "id": "pm_2", "object": "payment_method", "type": "us_bank_account", "customer": CUSTOMER,
        "billing_details": {"name": "Ana Lima"}, "us_bank_account": {"last4": "6789"}
    });
    let (as_card, as_payment_method) = two_shapes();
    vec![
        (CARD, as_card),
        (CARD, as_payment_method),
        ("src_1", source),
        ("pm_2", us_bank_account),
        ("pm_1Pgc75B7WZ01zgkWlHVgdEGJ", sample("payment_method")),
        ("card_1PgaftB7WZ01zgkWm3waTcFp", sample("card")),
        ("ba_1PgagAB7WZ01zgkWr3DySp2Q", sample("bank_account")),
    ]
}

#[tokio::test]
async fn an_instrument_is_the_same_wherever_it_is_read() {
    for (id, object) in every_shape() {
        let read = instrument_in(id, &object).await.expect("an instrument");
        let expected = Holding { id: id.to_owned(), content: HoldingContent::Instrument(read) };
        let mut owner = customer(std::slice::from_ref(&object));
        owner["default_source"] = object.clone();
        for found in [listed(owner.clone()).await, one(&owner).await.expect("a customer")] {
            assert_eq!(found.holdings, std::slice::from_ref(&expected));
            assert_eq!(found.default.as_ref(), Some(&expected));
        }
        for kind in [HoldingKind::Source, HoldingKind::PaymentMethod] {
            let page = held(&list(std::slice::from_ref(&object)), kind).await.expect("a page");
            assert_eq!(page.items, std::slice::from_ref(&expected));
        }
    }
}

#[tokio::test]
async fn a_customer_comes_with_what_is_known_of_it() {
    let mut body = customer(&[]);
    body["metadata"]["note"] = "a \u{e9}\u{0}\" ".into();
    body["metadata"]["empty"] = "".into();
    let found = listed(body).await;
    let texts = [("customerId", "17"), ("note", "a \u{e9}\"")];
    let metadata = texts.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!((found.id.as_str(), found.created), (CUSTOMER, 1_600_000_000));
    assert_eq!(found.email.as_deref(), Some("a@example.com"));
    assert_eq!(found.metadata, metadata);
    assert_eq!((found.default, found.holdings), (None, Vec::new()));
    assert!(found.sources_complete);
}

#[tokio::test]
async fn the_default_payment_method_goes_before_the_default_source() {
    let mut body = customer(&[]);
    body["default_source"] = two_shapes().0;
    body["invoice_settings"]["default_payment_method"] = sample("payment_method");
    let default = listed(body).await.default.expect("a default");
    assert_eq!(default.id, "pm_1Pgc75B7WZ01zgkWlHVgdEGJ");
}

#[tokio::test]
async fn a_default_that_was_not_expanded_is_found_among_the_sources() {
    let mut body = customer(&[two_shapes().0]);
    body["default_source"] = CARD.into();
    let found = listed(body.clone()).await;
    assert_eq!(found.default.as_ref(), found.holdings.first());
    body["default_source"] = "card_elsewhere".into();
    let default = listed(body).await.default.expect("a default");
    assert_eq!(
        (default.id.as_str(), default.content),
        ("card_elsewhere", HoldingContent::Unreadable)
    );
}

#[rstest]
#[case::more(json!({"data": [], "has_more": true}))]
#[case::not_said(json!(null))]
#[tokio::test]
async fn sources_that_may_be_more_are_not_complete(#[case] sources: Value) {
    let mut body = customer(&[]);
    body["sources"] = sources;
    assert!(!listed(body).await.sources_complete);
}

#[rstest]
#[case("exp_year", json!("twenty"))]
#[case("exp_month", json!(13))]
#[case("exp_month", json!(1e300))]
#[case("last4", json!("4242424242424242"))]
#[case("brand", json!({"a": [1, "\u{0}"]}))]
#[case("brand", json!(null))]
#[case("customer", json!("cus_another"))]
#[case("id", json!("tok_1"))]
#[case("object", json!("a b"))]
#[case("object", json!(null))]
#[case("deleted", json!(true))]
#[tokio::test]
async fn a_holding_that_can_t_be_understood_costs_no_other(
    #[case] field: &str,
    #[case] value: Value,
) {
    let (good, mut bad) = (two_shapes().0, two_shapes().0);
    bad[field] = value;
    let found = listed(customer(&[good.clone(), bad.clone(), good])).await;
    let readable = |holding: &Holding| matches!(holding.content, HoldingContent::Instrument(_));
    assert_eq!(found.holdings.iter().map(readable).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(found.holdings[1].id, bad["id"]);
    assert_eq!(found.holdings[1].content, HoldingContent::Unreadable);
}

#[rstest]
#[case(sample("payment_source"), "account")]
#[case(sample("source"), "ach_credit_transfer")]
#[case(json!({"id": "pm_1", "object": "payment_method", "type": "sepa_debit"}), "sepa_debit")]
#[tokio::test]
async fn what_is_neither_card_nor_bank_account_is_named(
    #[case] object: Value,
    #[case] expected: &str,
) {
    let found = listed(customer(std::slice::from_ref(&object))).await;
    assert_eq!(found.holdings[0].content, HoldingContent::Other(expected.to_owned()));
    assert_eq!(found.holdings[0].id, object["id"]);
}

#[rstest]
#[case::no_id("id", json!(null))]
#[case::another_s_id("id", json!("acct_1"))]
#[case::a_path("id", json!("cus_1/../x"))]
#[case::no_time("created", json!("today"))]
#[case::no_object("sources", json!([]))]
#[case::a_holding_without_id("sources", json!({"data": [{"object": "card"}], "has_more": false}))]
#[case::deleted("created", json!(null))]
#[tokio::test]
async fn a_customer_that_can_t_be_understood_costs_the_page(
    #[case] field: &str,
    #[case] value: Value,
) {
    let mut bad = customer(&[]);
    bad[field] = value;
    let error = page_of(&list(&[customer(&[]), bad])).await.expect_err("not believed");
    assert!(matches!(error, VaultError::Unreadable { .. }), "{error:?}");
}

#[rstest]
#[case(json!({"object": "list", "data": []}))]
#[case(json!([]))]
#[case(json!({"has_more": false}))]
#[tokio::test]
async fn a_page_that_does_not_say_whether_there_is_more_is_not_believed(#[case] body: Value) {
    let error = page_of(&body).await.expect_err("not believed");
    assert!(matches!(error, VaultError::Unreadable { .. }), "{error:?}");
    let error = held(&body, HoldingKind::Source).await.expect_err("not believed");
    assert!(matches!(error, VaultError::Unreadable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_deleted_customer_is_not_found_and_another_one_is_not_believed() {
    let deleted = json!({"id": CUSTOMER, "object": "customer", "deleted": true});
    match one(&deleted).await.expect_err("gone") {
        VaultError::CustomerNotFound { message } => {
            assert_eq!(message, format!("No such customer: '{CUSTOMER}'"));
        }
        other => panic!("{other:?}"),
    }
    let mut another = customer(&[]);
    another["id"] = "cus_another".into();
    let error = one(&another).await.expect_err("not believed");
    assert!(matches!(error, VaultError::Unreadable { .. }), "{error:?}");
}

/// As long as the longest page: a hundred customers with ten sources each.
#[tokio::test]
async fn a_long_page_is_read_and_one_without_end_is_not() {
    let sources: Vec<_> = std::iter::repeat_with(|| two_shapes().0).take(10).collect();
    let page = list(&vec![customer(&sources); 100]);
    assert!(page.to_string().len() > 256 * 1024);
    assert_eq!(page_of(&page).await.expect("a page").items.len(), 100);
    let server = MockServer::start().await;
    let endless = ResponseTemplate::new(200).set_body_bytes(vec![b' '; 8 * 1024 * 1024 + 1]);
    Mock::given(any()).respond_with(endless).mount(&server).await;
    let error =
        vault(&server.uri()).customers(&VaultAccount::DEFAULT, ALL).await.expect_err("too long");
    assert!(matches!(error, VaultError::Unreadable { .. }), "{error:?}");
}
