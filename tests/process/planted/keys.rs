//! Keys where none belong: as the id of a request, in an address, in bodies and files.

use reqwest::Method;

use super::VAULT_KEY;
use super::place::{Place, Sent, secret};

const JSON: &str = "application/json";
const IMPORT: &str = "/v1/paymentMethodImport/Stripe";
const ROWS: &str = "customerId,stripeCustomerId\n1,cus_SandboxBrands\n";

/// A key of ours, as it was issued and the secret inside of it, and one of Stripe's.
pub(crate) async fn are_written_nowhere(place: &mut Place) {
    for key in [place.key.clone(), secret(&place.key), VAULT_KEY.to_owned()] {
        as_the_id_of_a_request(place, &key).await;
        in_the_address(place, &key).await;
        in_bodies(place, &key).await;
    }
}

/// It would be in each line of the log, and in the audit trail with what was changed.
async fn as_the_id_of_a_request(place: &mut Place, key: &str) {
    for sent in [
        Sent::new(Method::GET, "/v1/customers"),
        Sent::new(Method::POST, "/v1/customers").body(JSON, "{firstName:'Maria'}"),
        Sent::new(Method::POST, &format!("{IMPORT}/jobs")).body("text/csv", ROWS),
    ] {
        asked(place, &sent.header("X-Request-Id", key), 200).await;
    }
    let nowhere = Sent::new(Method::GET, "/v1/nothing").header("X-Request-Id", key);
    asked(place, &nowhere, 404).await;
}

async fn in_the_address(place: &mut Place, key: &str) {
    for (verb, path, status) in [
        (Method::GET, format!("/{key}"), 404),
        (Method::GET, format!("/docs/{key}"), 404),
        (Method::GET, format!("/v1/customers/{key}"), 400),
        (Method::DELETE, format!("/v1/paymentMethods/{key}/creditCard"), 400),
        (Method::POST, format!("{IMPORT}/jobs/{key}/start"), 400),
        (Method::GET, format!("/v1/nothing?key={key}"), 404),
        (Method::GET, format!("/v1/customers?key={key}"), 200),
        (Method::GET, format!("/v1/customers?query=lastName:{key}"), 200),
        (Method::GET, format!("/v1/customers?query={key}:1"), 400),
        (Method::GET, format!("/v1/customers?sortExpression={key}"), 400),
        (Method::GET, format!("/v1/auditTrail?after={key}"), 400),
    ] {
        asked(place, &Sent::new(verb, &path), status).await;
    }
}

/// A customer's texts and what keys are called are kept as they are told. These are no such texts.
async fn in_bodies(place: &mut Place, key: &str) {
    for (verb, path, body, status) in [
        (Method::POST, IMPORT, format!("{{customerId:'{key}'}}"), 400),
        (
            Method::POST,
            IMPORT,
            format!("{{customerId:1,stripeCustomerId:'{key}',stripeCardId:'{key}'}}"),
            400,
        ),
        (Method::POST, IMPORT, format!("{{'{key}':1}}"), 400),
        (Method::POST, IMPORT, format!("{{customerId:1 {key}"), 400),
        (Method::POST, "/v1/customers", format!("{{other:'{key}'}}"), 200),
        (Method::PUT, "/v1/customers", format!("{{id:1,status:'{key}'}}"), 400),
        (Method::POST, "/admin/accounts/2/keys", format!("{{scopes:['{key}']}}"), 400),
    ] {
        asked(place, &Sent::new(verb, path).body(JSON, body), status).await;
    }
    let rows = format!(
        "customerId,stripeCustomerId,stripeCardId,{key}\n{key},cus_SandboxBrands,,\n1,{key},,\n\
         1,cus_SandboxBrands,{key},\n1,cus_SandboxBrands,,{key}\n"
    );
    let file = Sent::new(Method::POST, &format!("{IMPORT}/jobs")).body("text/csv", rows);
    asked(place, &file, 200).await;
}

async fn asked(place: &mut Place, sent: &Sent, status: u16) {
    let (answered, text) = place.ask(sent).await;
    assert_eq!(answered, status, "{sent:?}: {text}");
}
