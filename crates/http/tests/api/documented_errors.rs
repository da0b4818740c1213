//! Every error that the description has, for every operation that has it, and none besides.

mod jobs;

use std::collections::BTreeSet;

use actix_web::test::TestRequest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cardlift_core::account::{AccountId, RateLimits};
use cardlift_core::api_key::{Scope, Scopes};
use cardlift_core::idempotency::{IdempotencyClaim, IdempotencyKey, RequestDigest};
use cardlift_core::ports::{Clock as _, IdempotencyStore as _, StoreErrorKind, VaultError};
use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};

use crate::description;
use crate::harness::{Answer, BODY, Says, World, authorization_of, authorized};

const IMPORT: &str = "{customerId:9,stripeCustomerId:'cus_1',stripeCardId:'card_1'}";
const REPLACE: &str = "{id:9,status:'Active'}";
const CHILD: &str = "{parentId:9}";
const NO_CUSTOMER: &str = "Customer with id 9 not found.";
const NO_PARENT: &str = "parentId names a customer that there is not: 9.";
const NO_METHOD: &str = "Payment method with id 9 not found.";
const NO_ID: &str = "id must be a whole number from 1 to 9223372036854775807.";
const FAILED: &str = "The server failed, and nothing was changed. Its log says why, under the X-Request-Id of this answer.";
const GONE: &str = "The database is out of reach. Try again later.";

/// The operations for callers with a key: the path as it is described, the body that asks for what
/// is not there, and how that is answered.
const KEYED: &[Row] = &[
    ("POST", "/v1/paymentMethodImport/Stripe", IMPORT, Some(NO_CUSTOMER)),
    ("POST", "/v1/paymentMethodImport/stripeConnect", IMPORT, Some(NO_CUSTOMER)),
    ("POST", "/v1/achCardImport/Stripe", IMPORT, Some(NO_CUSTOMER)),
    ("POST", "/v1/achCardImport/stripeConnect", IMPORT, Some(NO_CUSTOMER)),
    ("GET", "/v1/customers", "", None),
    ("POST", "/v1/customers", CHILD, Some(NO_PARENT)),
    ("PUT", "/v1/customers", REPLACE, Some(NO_CUSTOMER)),
    ("GET", "/v1/customers/{id}", "", Some(NO_CUSTOMER)),
    ("GET", "/v1/customers/{id}/paymentMethods/all", "", Some(NO_CUSTOMER)),
    ("GET", "/v1/customers/{id}/paymentMethods/creditCard", "", Some(NO_CUSTOMER)),
    ("GET", "/v1/customers/{id}/paymentMethods/achCard", "", Some(NO_CUSTOMER)),
    ("GET", "/v1/customers/{id}/paymentMethods", "", Some(NO_CUSTOMER)),
    ("GET", "/v1/customers/{id}/CreditCards", "", Some(NO_CUSTOMER)),
    ("POST", "/v1/paymentMethods/makeDefault", "", Some(NO_METHOD)),
    ("GET", "/v1/paymentMethods/{id}/creditCard", "", Some(NO_METHOD)),
    ("GET", "/v1/paymentMethods/{id}/achCard", "", Some(NO_METHOD)),
    ("DELETE", "/v1/paymentMethods/{id}/creditCard", "", Some(NO_METHOD)),
    ("DELETE", "/v1/paymentMethods/{id}/achCard", "", Some(NO_METHOD)),
];

/// The operations that need no key: each is there because somebody has decided so.
pub(crate) const OPEN: &[Row] = &[
    ("GET", "/v1/countries", "", None),
    ("GET", "/healthz", "", None),
    ("HEAD", "/healthz", "", None),
    ("GET", "/readyz", "", None),
    ("HEAD", "/readyz", "", None),
    ("GET", "/openapi.json", "", None),
    ("GET", "/docs/", "", None),
    ("GET", "/docs/{file}", "", None),
];

/// Every operation for callers with a key.
pub(crate) fn keyed() -> impl Iterator<Item = &'static Row> {
    KEYED.iter().chain(jobs::KEYED)
}

/// Every scope but this.
pub(crate) fn all_but(scope: &str) -> Scopes {
    let rest = Scope::ALL.map(Scope::name).into_iter().filter(|name| *name != scope);
    Scopes::parse(&rest.collect::<Vec<_>>().join(",")).expect("scopes")
}

/// What was answered: the operation, and the status.
type Seen = BTreeSet<(String, u16)>;

/// A request of what is not there, without a key.
pub(crate) fn anonymous(verb: &str, path: &str, body: &str) -> TestRequest {
    let query = if path.ends_with("makeDefault") { "?id=9&customerId=1" } else { "" };
    let uri = format!("{}{query}", path.replace("{id}", "9"));
    let request = TestRequest::default().method(verb.parse().expect("a verb")).uri(&uri);
    let request = if body == jobs::FILE {
        request.insert_header(("Content-Type", "text/csv"))
    } else {
        request
    };
    if body.is_empty() { request } else { request.set_payload(body.to_owned()) }
}

/// Holds an answer against what it must be, and says that it was seen.
#[track_caller]
fn see(seen: &mut Seen, verb: &str, path: &str, answer: &Answer, status: u16, value: &str) {
    let place = format!("{verb} {path}");
    assert_eq!(
        (answer.status.as_u16(), answer.values()),
        (status, vec![value.to_owned()]),
        "{place}"
    );
    let operation = description::operation(verb, path).expect("it is described");
    seen.insert((operation.to_owned(), status));
}

#[actix_web::test]
async fn every_documented_error_is_answered_and_no_other_is_documented() {
    let mut seen = Seen::new();
    for row in keyed() {
        keys_are_told_apart(&mut seen, row).await;
        a_scope_that_is_missing_is_told(&mut seen, row).await;
        limits_are_told(&mut seen, row).await;
        a_busy_server_is_told(&mut seen, row).await;
        a_database_in_trouble_is_told(&mut seen, row).await;
        what_is_not_there_is_not_found(&mut seen, row).await;
        bodies_are_told_apart(&mut seen, row).await;
        idempotency_keys_are_told_apart(&mut seen, row).await;
        a_vault_that_refuses_us_is_told(&mut seen, row).await;
        jobs::files_are_told_apart(&mut seen, row).await;
        jobs::what_a_job_is_in_no_state_for_is_told(&mut seen, row).await;
        card_numbers_are_refused(&mut seen, row).await;
    }
    for row in OPEN {
        card_numbers_are_refused(&mut seen, row).await;
    }
    a_busy_server_is_told(&mut seen, &("GET", "/v1/countries", "", None)).await;
    jobs::a_vault_that_refuses_us_has_no_plan(&mut seen).await;
    without_a_key(&mut seen).await;
    assert_eq!(seen, description::errors().into_iter().collect());
}

pub(crate) type Row = (&'static str, &'static str, &'static str, Option<&'static str>);

async fn keys_are_told_apart(seen: &mut Seen, &(verb, path, body, _): &Row) {
    let world = World::new().await;
    let unknown = format!("Basic {}", STANDARD.encode("0:nobody"));
    for (header, status, value) in [
        (None, 401, "An API key is required: send the header Authorization: Basic <API key>."),
        (Some(unknown.as_str()), 401, "The API key is unknown, has expired or was revoked."),
        (Some("Basic !"), 400, "Authorization key is not in the correct format."),
    ] {
        let request = anonymous(verb, path, body);
        let request = header
            .into_iter()
            .fold(request, |request, header| request.insert_header(("Authorization", header)));
        let answer = world.send(request).await;
        see(seen, verb, path, &answer, status, value);
        let scheme = (status == 401).then_some("Basic realm=\"Cardlift\"");
        assert_eq!(answer.header("www-authenticate"), scheme);
    }
}

async fn a_scope_that_is_missing_is_told(seen: &mut Seen, &(verb, path, body, _): &Row) {
    let world = World::new().await;
    let scopes = description::scopes(verb, path).expect("it is for callers with a key");
    let [scope] = scopes.as_slice() else { panic!("{verb} {path} needs one scope") };
    world.add_key("without", |key| key.scopes = all_but(scope)).await;
    let request = anonymous(verb, path, body);
    let request = request.insert_header(("Authorization", authorization_of("without")));
    let answer = world.send(request).await;
    let value = format!("This needs the scope {scope}, which the API key does not have.");
    see(seen, verb, path, &answer, 403, &value);
    let left = answer.header("x-rate-limit-remaining-minute");
    assert_eq!(left, Some("999"), "the key is known, and the request counts");
}

async fn limits_are_told(seen: &mut Seen, &(verb, path, body, _): &Row) {
    let world = World::new().await;
    let limits = RateLimits { per_minute: Some(0), per_day: None };
    world.limit(limits).await;
    let answer = world.send(authorized(anonymous(verb, path, body))).await;
    let value = "The API key has made all the requests it may for now. Try again later.";
    see(seen, verb, path, &answer, 429, value);
    assert_eq!(answer.header("retry-after"), Some("60"));
    assert_eq!(answer.header("x-rate-limit-remaining-minute"), Some("0"));
}

async fn a_busy_server_is_told(seen: &mut Seen, &(verb, path, body, _): &Row) {
    let mut world = World::new().await;
    world.limit_concurrency(0);
    let answer = world.send(authorized(anonymous(verb, path, body))).await;
    let value = "The server has as many requests as it can work on. Try again later.";
    see(seen, verb, path, &answer, 503, value);
    assert_eq!(answer.header("retry-after"), Some("1"));
}

async fn a_database_in_trouble_is_told(seen: &mut Seen, &(verb, path, body, _): &Row) {
    for (kind, status, value) in [
        (StoreErrorKind::Unavailable, 503, GONE),
        (StoreErrorKind::Failed, 500, FAILED),
        (StoreErrorKind::Corrupt, 500, FAILED),
    ] {
        let world = World::troubled(kind).await;
        let answer = world.send(authorized(anonymous(verb, path, body))).await;
        see(seen, verb, path, &answer, status, value);
        assert_eq!(answer.header("retry-after"), (status == 503).then_some("5"));
    }
}

async fn what_is_not_there_is_not_found(seen: &mut Seen, &(verb, path, body, value): &Row) {
    let world = World::new().await;
    world.connect().await;
    let answer = world.send(authorized(anonymous(verb, path, body))).await;
    match value {
        Some(value) => see(seen, verb, path, &answer, 404, value),
        None => assert_eq!(answer.status, 200),
    }
    if path.contains("{id}") {
        let answer = world.ask(verb, &path.replace("{id}", "nine")).await;
        see(seen, verb, path, &answer, 400, NO_ID);
    }
}

async fn bodies_are_told_apart(seen: &mut Seen, &(verb, path, body, _): &Row) {
    if body.is_empty() || body == jobs::FILE {
        return;
    }
    let world = World::new().await;
    for (body, content_type, status, value) in [
        ("[]", "application/json", 400, "The request body must be a JSON object."),
        (body, "text/plain", 415, "The Content-Type must be application/json."),
        (&" ".repeat(17_000), "text/json", 413, "The request body is longer than 16384 bytes."),
    ] {
        let request = anonymous(verb, path, body).insert_header(("Content-Type", content_type));
        see(seen, verb, path, &world.send(authorized(request)).await, status, value);
    }
    tokio::time::pause();
    let answer = world.send_stalled(authorized(anonymous(verb, path, ""))).await;
    tokio::time::resume();
    let value = "The request body did not arrive within 10 seconds.";
    see(seen, verb, path, &answer, 408, value);
}

async fn idempotency_keys_are_told_apart(seen: &mut Seen, &(verb, path, body, _): &Row) {
    let endpoint = match path {
        "/v1/paymentMethodImport/Stripe" | "/v1/achCardImport/Stripe" => "import_card",
        "/v1/customers" if verb == "POST" => "create_customer",
        _ if path.ends_with("Connect") => "import_connected_card",
        _ => return,
    };
    let world = World::new().await;
    let digest = Sha256::new().chain_update(endpoint).chain_update("\0").chain_update(body);
    let at = world.clock.now();
    let claim = IdempotencyClaim {
        account: AccountId::DEFAULT,
        key: IdempotencyKey::parse("held").expect("a key"),
        request: RequestDigest(digest.finalize().into()),
        at,
        held_until: at + TimeDelta::seconds(60),
    };
    world.stores.claim(&claim).await.expect("granted");
    for (key, body, status, value) in [
        (
            "held",
            body,
            409,
            "A request with this Idempotency-Key is being carried out. Send it again later.",
        ),
        (
            "held",
            BODY,
            422,
            "This Idempotency-Key was sent before, with another request. Use a new key.",
        ),
        ("é", body, 400, "The header Idempotency-Key must be 1 to 255 visible ASCII characters."),
    ] {
        let request = anonymous(verb, path, body).insert_header(("Idempotency-Key", key));
        let answer = world.send(authorized(request)).await;
        see(seen, verb, path, &answer, status, value);
        assert_eq!(answer.header("retry-after"), (status == 409).then_some("1"));
    }
}

async fn card_numbers_are_refused(seen: &mut Seen, &(verb, path, body, _): &Row) {
    let request = anonymous(verb, path, body).insert_header(("Cookie", "card=4242424242424242"));
    let answer = World::new().await.send(request).await;
    let value = "The header cookie holds what looks like a card number. Cardlift takes Stripe's ids, \
                 never the number of a card: nothing of it was kept. If it is no card's, put a \
                 letter or a dot among its digits, so that fewer than 13 stand together.";
    see(seen, verb, path, &answer, 400, value);
}

async fn a_vault_that_refuses_us_is_told(seen: &mut Seen, &(verb, path, body, _): &Row) {
    if body != IMPORT {
        return;
    }
    let world = World::new().await;
    if path.ends_with("Connect") {
        let answer = world.send(authorized(anonymous(verb, path, BODY))).await;
        let value = "This account has no connected Stripe account: its operator has to set one.";
        see(seen, verb, path, &answer, 400, value);
    }
    world.connect().await;
    world.vault_says(Says::Error(|| VaultError::CredentialsRefused));
    let answer = world.send(authorized(anonymous(verb, path, BODY))).await;
    let value = "The vault refuses the credentials of this server. Its operator has to see to it.";
    see(seen, verb, path, &answer, 502, value);
}

async fn without_a_key(seen: &mut Seen) {
    let answer = World::new().await.send(TestRequest::get().uri("/docs/nothing")).await;
    see(seen, "GET", "/docs/{file}", &answer, 404, "There is nothing at this path.");
    for (kind, status, value) in
        [(StoreErrorKind::Unavailable, 503, GONE), (StoreErrorKind::Failed, 500, FAILED)]
    {
        for verb in ["GET", "HEAD"] {
            let world = World::troubled(kind).await;
            let answer = world.send(anonymous(verb, "/readyz", "")).await;
            see(seen, verb, "/readyz", &answer, status, value);
        }
    }
}
