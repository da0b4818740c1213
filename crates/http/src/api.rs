//! The routes, and what they stand on.

use std::sync::Arc;

use actix_web::http::Method;
use actix_web::http::header::ALLOW;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{Resource, Route};
use cardlift_core::ports::{Clock, IdempotencyStore, Readiness};
use cardlift_core::use_cases::{Authenticate, ImportCard};

use crate::error::ApiError;
use crate::path::any_case;
use crate::{health, import_card};

/// What the API stands on.
#[derive(Clone)]
pub struct Api {
    /// Imports a card.
    pub import_card: ImportCard,
    /// Finds out who is calling.
    pub authenticate: Authenticate,
    /// Keeps replies to be given again.
    pub idempotency: Arc<dyn IdempotencyStore>,
    /// Says whether the stores can be used.
    pub readiness: Arc<dyn Readiness>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// Mounts the API in an actix app: `App::new().configure(cardlift_http::routes(api))`.
///
/// An app that is all Cardlift's takes [`not_found`] as its default service besides, and wraps
/// itself in [`request_log`](crate::request_log()).
pub fn routes(api: Api) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        config
            .app_data(Data::new(api))
            .service(
                resource("import_card", "/v1/paymentMethodImport/Stripe", &[Method::POST])
                    .route(web::post().to(import_card::endpoint)),
            )
            .service(
                resource("healthz", "/healthz", &[Method::GET, Method::HEAD])
                    .route(web::get().to(health::healthz))
                    .route(web::head().to(health::healthz)),
            )
            .service(
                resource("readyz", "/readyz", &[Method::GET, Method::HEAD])
                    .route(web::get().to(health::readyz))
                    .route(web::head().to(health::readyz)),
            );
    }
}

/// The answer to a path that there is not, for `App::default_service`.
#[must_use]
pub fn not_found() -> Route {
    web::to(|| async { ApiError::UnknownRoute.response() })
}

/// A path in any letter case, which answers verbs other than these by naming them.
fn resource(name: &str, path: &str, allowed: &'static [Method]) -> Resource {
    let other_verb = move || async move {
        let names: Vec<_> = allowed.iter().map(Method::as_str).collect();
        let mut response = ApiError::WrongVerb.response();
        if let Ok(names) = names.join(", ").parse() {
            response.headers_mut().insert(ALLOW, names);
        }
        response
    };
    web::resource(any_case(path)).name(name).default_service(web::to(other_verb))
}
