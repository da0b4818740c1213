//! Every error that the description has, for every operation that has it, and none besides.

mod admin;
mod audit;
mod callers;
mod idempotency;
mod imports;
mod jobs;
mod requests;

use std::collections::BTreeSet;

use actix_web::test::TestRequest;
use cardlift_core::api_key::{Scope, Scopes};
use cardlift_core::ports::StoreErrorKind;

use crate::description;
use crate::harness::{Answer, World, authorized};

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
    KEYED.iter().chain(jobs::KEYED).chain(audit::KEYED).chain(admin::KEYED)
}

/// Every scope but this.
pub(crate) fn all_but(scope: &str) -> Scopes {
    let rest = Scope::ALL.map(Scope::name).into_iter().filter(|name| *name != scope);
    Scopes::parse(&rest.collect::<Vec<_>>().join(",")).expect("scopes")
}

/// What was answered: the operation, and the status.
type Seen = BTreeSet<(String, u16)>;

/// A path as it is described, with this for each of its ids.
pub(crate) fn filled(path: &str, id: &str) -> String {
    path.replace("{id}", id).replace("{keyId}", id)
}

/// A request of what is not there, without a key.
pub(crate) fn anonymous(verb: &str, path: &str, body: &str) -> TestRequest {
    let query = if path.ends_with("makeDefault") { "?id=9&customerId=1" } else { "" };
    let uri = format!("{}{query}", filled(path, "9"));
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
        callers::keys_are_told_apart(&mut seen, row).await;
        callers::a_scope_that_is_missing_is_told(&mut seen, row).await;
        callers::limits_are_told(&mut seen, row).await;
        callers::a_busy_server_is_told(&mut seen, row).await;
        callers::a_database_in_trouble_is_told(&mut seen, row).await;
        what_is_not_there_is_not_found(&mut seen, row).await;
        requests::bodies_are_told_apart(&mut seen, row).await;
        idempotency::idempotency_keys_are_told_apart(&mut seen, row).await;
        imports::a_vault_that_refuses_us_is_told(&mut seen, row).await;
        jobs::files_are_told_apart(&mut seen, row).await;
        jobs::what_a_job_is_in_no_state_for_is_told(&mut seen, row).await;
        requests::card_numbers_are_refused(&mut seen, row).await;
    }
    for row in OPEN {
        requests::card_numbers_are_refused(&mut seen, row).await;
    }
    callers::a_busy_server_is_told(&mut seen, &("GET", "/v1/countries", "", None)).await;
    jobs::a_vault_that_refuses_us_has_no_plan(&mut seen).await;
    admin::what_is_there_may_not_allow_it(&mut seen).await;
    without_a_key(&mut seen).await;
    assert_eq!(seen, description::errors().into_iter().collect());
}

pub(crate) type Row = (&'static str, &'static str, &'static str, Option<&'static str>);

async fn what_is_not_there_is_not_found(seen: &mut Seen, &(verb, path, body, value): &Row) {
    let world = World::new().await;
    world.connect().await;
    let answer = world.send(authorized(anonymous(verb, path, body))).await;
    match value {
        Some(value) => see(seen, verb, path, &answer, 404, value),
        None => assert_eq!(answer.status, 200),
    }
    if path.contains("{id}") {
        let answer = world.ask(verb, &filled(path, "nine")).await;
        see(seen, verb, path, &answer, 400, NO_ID);
    }
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
