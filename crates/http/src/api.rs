//! The routes, and what they stand on.

use std::future::ready;
use std::sync::Arc;

use actix_web::dev::HttpServiceFactory;
use actix_web::http::Method;
use actix_web::http::header::ALLOW;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, Route};
use cardlift_core::ports::{Clock, IdempotencyStore, Readiness};
use cardlift_core::use_cases::{
    Authenticate, Customers, ImportCard, ImportJobs, PaymentMethods, PlanImport, ReadAudit,
};

use crate::admin::{self, Admin};
use crate::endpoint::Endpoint;
use crate::error::ApiError;
use crate::path::any_case;
use crate::rate_limit::RateLimiter;
use crate::shedding::ConcurrencyLimit;
use crate::stopping::Stopping;
use crate::wrong_keys::WrongKeys;
use crate::{
    audit, card_numbers, countries, customers, health, import, jobs, openapi, payment_methods,
};

/// What the API stands on.
#[derive(Clone)]
pub struct Api {
    /// Imports a card or bank account.
    pub import_card: ImportCard,
    /// Makes and watches import jobs.
    pub import_jobs: ImportJobs,
    /// Finds out what a job would take.
    pub plan_import: PlanImport,
    /// Creates, reads, replaces and lists customers.
    pub customers: Customers,
    /// Lists, reads and deletes what was imported.
    pub payment_methods: PaymentMethods,
    /// Reads who changed what.
    pub read_audit: ReadAudit,
    /// Finds out who is calling.
    pub authenticate: Authenticate,
    /// Sets up accounts and keys.
    pub admin: Admin,
    /// Keeps replies to be given again.
    pub idempotency: Arc<dyn IdempotencyStore>,
    /// Says whether the stores can be used.
    pub readiness: Arc<dyn Readiness>,
    /// Counts what each key does.
    pub rate_limiter: RateLimiter,
    /// Slows whoever shows wrong keys.
    pub wrong_keys: WrongKeys,
    /// How many requests are worked on at once, where the app is wrapped in [`shed`](crate::shed()).
    pub concurrency: ConcurrencyLimit,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Ends the answers that would go on for as long as somebody listens.
    pub stopping: Stopping,
}

/// Mounts the API in an actix app: `App::new().configure(cardlift_http::routes(api))`.
///
/// An app that is all Cardlift's takes [`not_found`] as its default service besides, and wraps
/// itself in [`request_log`](crate::request_log()), then in [`shed`](crate::shed()).
pub fn routes(api: Api) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        config.app_data(Data::new(api));
        for resource in resources() {
            config.service(resource);
        }
    }
}

/// All that is served, each with the name of its part of the API.
pub(crate) fn endpoints() -> impl Iterator<Item = (&'static str, Endpoint)> {
    [
        ("Imports", import::endpoints()),
        ("Import jobs", jobs::endpoints()),
        ("Payment methods", payment_methods::endpoints()),
        ("Customers", customers::endpoints()),
        ("Audit trail", audit::endpoints()),
        ("Countries", countries::endpoints()),
        ("Administration", admin::endpoints()),
        ("Health", health::endpoints()),
        ("Description", openapi::endpoints()),
        ("Description", openapi::page_endpoints()),
    ]
    .into_iter()
    .flat_map(|(part, endpoints)| endpoints.into_iter().map(move |endpoint| (part, endpoint)))
}

/// A resource for each path, which answers verbs other than its own by naming them, and lets no card
/// number in. A request is held against one after the other: imports come first.
fn resources() -> impl Iterator<Item = impl HttpServiceFactory> {
    let mut by_path = Vec::<(&str, Vec<_>)>::new();
    for (_, Endpoint { path, method, route, .. }) in endpoints() {
        match by_path.iter_mut().find(|(other, _)| *other == path) {
            Some((_, routes)) => routes.push((method, route)),
            None => by_path.push((path, vec![(method, route)])),
        }
    }
    by_path.into_iter().map(|(path, routes)| {
        let (verbs, routes): (Vec<_>, Vec<_>) = routes.into_iter().unzip();
        let verbs = verbs.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        let resource = web::resource(any_case(path)).name(path);
        let resource = routes.into_iter().fold(resource, Resource::route);
        let resource = resource.default_service(web::to(move || ready(other_verb(&verbs))));
        resource.wrap(from_fn(card_numbers::refuse))
    })
}

fn other_verb(verbs: &str) -> HttpResponse {
    let mut response = ApiError::WrongVerb.response();
    if let Ok(verbs) = verbs.parse() {
        response.headers_mut().insert(ALLOW, verbs);
    }
    response
}

/// The answer to a path that there is not, for `App::default_service`.
#[must_use]
pub fn not_found() -> Route {
    web::to(|request: HttpRequest, body: Payload| async move {
        let refused = card_numbers::refused(request.head(), body.into_inner()).await;
        refused.unwrap_or_else(|| ApiError::UnknownRoute.response())
    })
}
