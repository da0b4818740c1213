//! What is personal, in every place that it belongs to or is sent to by mistake.

use cardlift_tests::{client, import};
use reqwest::Method;

use super::place::{Place, Sent};

const PERSON: &str = "firstName:'Maria',lastName:'Lopez',primaryEmail:'planted@example.com',\
                      companyName:'Plantation Ltd',primaryPhone:'+4915123456787'";

/// Customers are loaded and made, cards are imported, and things go wrong with both.
pub(crate) async fn are_kept(place: &mut Place) {
    let customers =
        "customerId,firstName,lastName,primaryEmail\n1,Maria,Lopez,planted@example.com\n";
    let file = place.file("customers.csv", customers);
    let loaded = place.command(&["customers", "load", &file]).await;
    assert_eq!(loaded.code, Some(0), "{}", loaded.stderr);
    import_cards(place).await;
    use_customers(place).await;
    import_file(place).await;
}

async fn import_cards(place: &mut Place) {
    let card =
        "{customerId:1,stripeCustomerId:'cus_SandboxBrands',stripeCardId:'card_SandboxVisa'}";
    let another = card.replace("Visa", "Discover");
    for (body, name, status) in [
        (card, "a", 200),
        ("{Maria:'Lopez', 'Oyster':}", "b", 400),
        // Another body, the same key.
        (&another, "a", 422),
    ] {
        post(place, body, name, status).await;
    }
    let fault = r#"{"kind":"forbidden"}"#;
    let faults = client().post(format!("{}/_sandbox/faults", place.vault)).body(fault).send().await;
    assert_eq!(faults.expect("an answer").status(), 204);
    // Its text holds a piece of a key.
    post(place, &another, "c", 502).await;
}

async fn post(place: &mut Place, body: &str, name: &str, status: u16) {
    let headers = format!("Idempotency-Key: planted-idempotency-{name}\r\n");
    let answer = import(&place.base, &place.key, &headers, body).await;
    assert_eq!(answer.status, status, "{body}: {}", answer.body);
    place.note(&answer);
}

async fn use_customers(place: &mut Place) {
    let (blank, unknown) = (String::new(), "{id:9,status:'Carmen'}".to_owned());
    for (verb, path, body, status) in [
        (Method::POST, "", format!("{{{PERSON}}}"), 200),
        (Method::PUT, "", format!("{{id:1,status:'Hold',{PERSON}}}"), 200),
        (Method::PUT, "", unknown, 400),
        (Method::GET, "?query=primaryEmail:planted@example.com;lastName:Lo*", blank.clone(), 200),
        (Method::GET, "?query=Maria:Lopez&sortOrder=Oyster", blank.clone(), 400),
        (Method::GET, "/Carmen", blank.clone(), 400),
        (Method::GET, "/Carmen/94080", blank.clone(), 404),
        (Method::GET, "/1/paymentMethods/all", blank, 200),
    ] {
        let sent = Sent::new(verb, &format!("/v1/customers{path}")).body("application/json", body);
        let sent = sent.header("Idempotency-Key", "planted-idempotency-d");
        let (answered, text) = place.ask(&sent).await;
        assert_eq!(answered, status, "{path}: {text}");
    }
}

/// Names where ids belong are not kept with the rows.
async fn import_file(place: &mut Place) {
    let rows = "customerId,stripeCustomerId,stripeCardId,note\n\
                Maria,cus_SandboxBrands,,Carmen Lopez\n1,Lopez,,\n1,cus_SandboxBrands,Oyster,\n\
                1,cus_SandboxBrands,card_SandboxVisa,planted@example.com\n";
    let jobs = "/v1/paymentMethodImport/Stripe/jobs";
    let (status, text) = place.ask(&Sent::new(Method::POST, jobs).body("text/csv", rows)).await;
    assert_eq!(status, 200, "{text}");
    let results = Sent::new(Method::GET, &format!("{jobs}/1/results"));
    let (status, results) = place.ask(&results).await;
    assert_eq!((status, results.matches("invalid_row").count()), (200, 3), "{results}");
}
