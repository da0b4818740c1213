//! The routes, and what they stand on.

use std::sync::Arc;

use actix_web::http::Method;
use actix_web::http::header::ALLOW;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{Resource, Route};
use cardlift_core::ports::{Clock, IdempotencyStore, Readiness};
use cardlift_core::use_cases::{Authenticate, Customers, ImportCard, PaymentMethods};

use crate::error::ApiError;
use crate::path::any_case;
use crate::rate_limit::RateLimiter;
use crate::{countries, customers, health, import, payment_methods};

/// What the API stands on.
#[derive(Clone)]
pub struct Api {
    /// Imports a card or bank account.
    pub import_card: ImportCard,
    /// Creates, reads, replaces and lists customers.
    pub customers: Customers,
    /// Lists, reads and deletes what was imported.
    pub payment_methods: PaymentMethods,
    /// Finds out who is calling.
    pub authenticate: Authenticate,
    /// Keeps replies to be given again.
    pub idempotency: Arc<dyn IdempotencyStore>,
    /// Says whether the stores can be used.
    pub readiness: Arc<dyn Readiness>,
    /// Counts what each key does.
    pub rate_limiter: RateLimiter,
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
            .configure(imports)
            .configure(customer)
            .configure(stored)
            .configure(around);
    }
}

/// The four imports. What is imported is what the vault says that it is: the paths differ in
/// where in the vault it is looked for.
fn imports(config: &mut ServiceConfig) {
    let post = &[Method::POST];
    config
        .service(
            resource("import_card", "/v1/paymentMethodImport/Stripe", post)
                .route(web::post().to(import::own)),
        )
        .service(
            resource("import_connected_card", "/v1/paymentMethodImport/stripeConnect", post)
                .route(web::post().to(import::connected)),
        )
        .service(
            resource("import_bank_account", "/v1/achCardImport/Stripe", post)
                .route(web::post().to(import::own)),
        )
        .service(
            resource("import_connected_bank_account", "/v1/achCardImport/stripeConnect", post)
                .route(web::post().to(import::connected)),
        );
}

/// Customers.
fn customer(config: &mut ServiceConfig) {
    let (all, one) = (&[Method::GET, Method::POST, Method::PUT], &[Method::GET]);
    config
        .service(
            resource("customers", "/v1/customers", all)
                .route(web::get().to(customers::list))
                .route(web::post().to(customers::create))
                .route(web::put().to(customers::replace)),
        )
        .service(
            resource("customer", "/v1/customers/{id}", one).route(web::get().to(customers::read)),
        );
}

/// What is stored.
fn stored(config: &mut ServiceConfig) {
    let lists: [(&str, &str, Route); 5] = [
        ("all", "/v1/customers/{id}/paymentMethods/all", web::get().to(payment_methods::list_all)),
        (
            "cards",
            "/v1/customers/{id}/paymentMethods/creditCard",
            web::get().to(payment_methods::list_cards),
        ),
        (
            "bank_accounts",
            "/v1/customers/{id}/paymentMethods/achCard",
            web::get().to(payment_methods::list_bank_accounts),
        ),
        // Where older clients look.
        (
            "all_formerly",
            "/v1/customers/{id}/paymentMethods",
            web::get().to(payment_methods::list_all),
        ),
        (
            "cards_formerly",
            "/v1/customers/{id}/CreditCards",
            web::get().to(payment_methods::list_cards),
        ),
    ];
    for (name, path, route) in lists {
        config.service(resource(&format!("list_{name}"), path, &[Method::GET]).route(route));
    }
    let (one, post) = (&[Method::GET, Method::DELETE], &[Method::POST]);
    config
        .service(
            resource("card", "/v1/paymentMethods/{id}/creditCard", one)
                .route(web::get().to(payment_methods::read_card))
                .route(web::delete().to(payment_methods::delete_card)),
        )
        .service(
            resource("bank_account", "/v1/paymentMethods/{id}/achCard", one)
                .route(web::get().to(payment_methods::read_bank_account))
                .route(web::delete().to(payment_methods::delete_bank_account)),
        )
        .service(
            resource("make_default", "/v1/paymentMethods/makeDefault", post)
                .route(web::post().to(payment_methods::make_default)),
        );
}

/// What needs no key.
fn around(config: &mut ServiceConfig) {
    let read = &[Method::GET, Method::HEAD];
    config
        .service(
            resource("countries", "/v1/countries", &[Method::GET])
                .route(web::get().to(countries::endpoint)),
        )
        .service(
            resource("healthz", "/healthz", read)
                .route(web::get().to(health::healthz))
                .route(web::head().to(health::healthz)),
        )
        .service(
            resource("readyz", "/readyz", read)
                .route(web::get().to(health::readyz))
                .route(web::head().to(health::readyz)),
        );
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
