//! Each answer satisfies the schema that was published.

use cardlift_sandbox::{
    BANK_ACCOUNT, DEFAULTS_CUSTOMER, DELETED_CUSTOMER, DOCUMENTED_CARD, DOCUMENTED_CUSTOMER,
    EVERY_BRAND_CUSTOMER, MANY_CARDS_CUSTOMER, NO_CARD_CUSTOMER, OTHER_SOURCE,
    UNVERIFIED_BANK_ACCOUNT,
};
use serde_json::{Value, json};

use crate::harness::Visit;

/// Asserts that this is an object as the schema defines it, and that it says so.
#[track_caller]
fn check(name: &str, object: &Value) {
    let published = include_str!("../../fixtures/schema-excerpt.json");
    let mut schema: Value = serde_json::from_str(published).expect("JSON");
    assert!(schema["definitions"][name].is_object(), "{name} is in the schema");
    schema["$ref"] = json!(format!("#/definitions/{name}"));
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<_> = validator.iter_errors(object).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{object} is no {name}: {errors:?}");
}

#[test]
#[should_panic(expected = "is no card")]
fn a_card_without_its_brand_would_be_noticed() {
    check("card", &json!({"id": "card_1", "object": "card"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_card_in_every_shape_satisfies_the_schema() {
    let visit = Visit::to(0);
    let base = format!("/v1/customers/{EVERY_BRAND_CUSTOMER}");
    let sources = visit.get(&format!("{base}/sources?limit=100")).await;
    let methods = visit.get(&format!("{base}/payment_methods?limit=100")).await;
    let (sources, methods) = (sources["data"].as_array(), methods["data"].as_array());
    let (sources, methods) = (sources.expect("a list"), methods.expect("a list"));
    assert_eq!((sources.len(), methods.len()), (22, 33), "11 brands in 2 and in 3 shapes");
    for source in sources {
        check(source["object"].as_str().expect("a name"), source);
        let id = source["id"].as_str().expect("an id");
        assert_eq!(visit.get(&format!("{base}/sources/{id}")).await, *source);
    }
    for method in methods {
        check("payment_method", method);
        let id = method["id"].as_str().expect("an id");
        assert_eq!(visit.get(&format!("{base}/payment_methods/{id}")).await, *method);
        assert_eq!(visit.get(&format!("/v1/payment_methods/{id}")).await, *method);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_card_satisfies_the_schema() {
    let visit = Visit::to(0);
    for (id, name) in [
        (BANK_ACCOUNT, "bank_account"),
        (UNVERIFIED_BANK_ACCOUNT, "bank_account"),
        (OTHER_SOURCE, "source"),
    ] {
        let object = visit.get(&format!("/v1/customers/{NO_CARD_CUSTOMER}/sources/{id}")).await;
        assert_eq!(object["object"], name);
        check(name, &object);
    }
    let deleted = visit.get(&format!("/v1/customers/{DELETED_CUSTOMER}")).await;
    check("deleted_customer", &deleted);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_customer_satisfies_the_schema_plain_and_expanded() {
    let visit = Visit::to(20);
    let expand = "expand[]=data.sources&expand[]=data.default_source\
                  &expand[]=data.invoice_settings.default_payment_method";
    for query in ["limit=100".to_owned(), format!("limit=100&{expand}")] {
        let list = visit.get(&format!("/v1/customers?{query}")).await;
        let customers = list["data"].as_array().expect("a list");
        assert_eq!(customers.len(), 25, "20 made-up ones and 5 known ones that are not deleted");
        for customer in customers {
            check("customer", customer);
        }
    }
    for id in [DOCUMENTED_CUSTOMER, MANY_CARDS_CUSTOMER, DEFAULTS_CUSTOMER] {
        check("customer", &visit.get(&format!("/v1/customers/{id}")).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_satisfies_the_schema() {
    let visit = Visit::to(0);
    for path in [
        "/v1/customers/cus_nobody".to_owned(),
        "/v1/customers/cus_nobody/sources/card_1".to_owned(),
        format!("/v1/customers/{DELETED_CUSTOMER}/sources"),
        format!("/v1/customers/{DOCUMENTED_CUSTOMER}/sources/card_nobody"),
        format!("/v1/customers/{DOCUMENTED_CUSTOMER}/payment_methods/pm_nobody"),
        format!("/v1/customers/{NO_CARD_CUSTOMER}/sources/{DOCUMENTED_CARD}"),
        "/v1/payment_methods/pm_nobody".to_owned(),
        "/v1/customers?limit=0".to_owned(),
        "/v1/customers?starting_after=cus_nobody".to_owned(),
        "/v1/nowhere".to_owned(),
    ] {
        let (status, body) = visit.answer(&path).await;
        assert!(status.is_client_error(), "{path}: {status}");
        check("error", &body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_card_is_the_documented_one() {
    let visit = Visit::to(0);
    let path = format!("/v1/customers/{DOCUMENTED_CUSTOMER}/sources/{DOCUMENTED_CARD}");
    let card = visit.get(&path).await;
    assert_eq!((&card["brand"], &card["last4"]), (&json!("Visa"), &json!("4242")));
    assert_eq!((&card["exp_month"], &card["exp_year"]), (&json!(11), &json!(2017)));
    assert_eq!(card["name"], "John Doe");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_wanted_and_an_account_must_be_the_connected_one() {
    let visit = Visit::to(0);
    let url = format!("{}/v1/customers/{DOCUMENTED_CUSTOMER}", visit.sandbox.base_url());
    let statuses = [
        (visit.client().get(&url), 401),
        (visit.client().get(&url).bearer_auth("pk_test_1"), 401),
        (visit.client().get(&url).bearer_auth("rk_test_1"), 200),
        (
            visit
                .request(&format!("/v1/customers/{DOCUMENTED_CUSTOMER}"))
                .header("Stripe-Account", "acct_sandbox"),
            200,
        ),
        (
            visit
                .request(&format!("/v1/customers/{DOCUMENTED_CUSTOMER}"))
                .header("Stripe-Account", "acct_other"),
            403,
        ),
    ];
    for (request, expected) in statuses {
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), expected);
        let body: Value = response.json().await.expect("JSON");
        check(if expected == 200 { "customer" } else { "error" }, &body);
    }
}
