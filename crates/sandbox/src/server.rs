//! The server: each request is noted, may be one too many or meet a fault, must show a key, and is
//! answered.

mod access;
mod answer;
mod control;
mod customers;
mod fault;
mod query;
mod sources;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App, Error, HttpServer};

use crate::data::Vault;
use crate::endpoint::Endpoint;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::objects::ApiError;
use crate::throttle::Throttle;

pub(crate) struct State {
    pub(crate) vault: Vault,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) throttle: Throttle,
    /// How long each answer takes at least.
    pub(crate) latency: Duration,
    pub(crate) started: Instant,
}

/// A server that has its address.
pub(crate) fn bind(
    address: SocketAddr,
    state: Arc<State>,
) -> std::io::Result<(Server, SocketAddr)> {
    let state = Data::from(state);
    let app = move || {
        let api = web::scope("/v1")
            .wrap(from_fn(gate))
            .route("/customers", web::get().to(customers::list))
            .route("/customers/{customer}", web::get().to(customers::one))
            .route("/customers/{customer}/sources", web::get().to(sources::list))
            .route("/customers/{customer}/sources/{id}", web::get().to(sources::one))
            .route("/customers/{customer}/payment_methods", web::get().to(sources::methods))
            .route("/customers/{customer}/payment_methods/{id}", web::get().to(sources::method))
            .route("/payment_methods/{id}", web::get().to(sources::any_method))
            .default_service(web::to(|| async { answer::error(&ApiError::NoSuchUrl) }));
        App::new()
            .app_data(state.clone())
            .service(api)
            .route("/_sandbox/faults", web::post().to(control::add_fault))
            .route("/_sandbox/faults", web::delete().to(control::clear_faults))
            .route("/_sandbox/requests", web::get().to(control::requests))
            .route("/_sandbox/requests", web::delete().to(control::clear_requests))
            .route("/_sandbox/answers", web::get().to(control::answers))
            .route("/_sandbox/listed", web::get().to(control::listed))
            .default_service(web::to(|| async { answer::error(&ApiError::NoSuchUrl) }))
    };
    let server = HttpServer::new(app).workers(2).disable_signals().bind(address)?;
    let address = server.addrs().first().copied().unwrap_or(address);
    Ok((server.run(), address))
}

/// What stands before each request of the API.
async fn gate(
    state: Data<State>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let path = request.path().to_owned();
    let _in_flight = state.journal.enter(&path);
    if !state.latency.is_zero() {
        tokio::time::sleep(state.latency).await;
    }
    if let Err(limit) = state.throttle.admit(Endpoint::of(&path), state.started.elapsed()) {
        state.journal.throttled();
        let error = ApiError::RateLimit(limit);
        return Ok(request.into_response(answer::error(&error)).map_into_boxed_body());
    }
    if let Some(fault) = state.faults.befalling(&path)
        && let Some(response) = fault::response(&fault).await
    {
        return Ok(request.into_response(response).map_into_boxed_body());
    }
    if let Err(error) = access::check(&request) {
        return Ok(request.into_response(answer::error(&error)).map_into_boxed_body());
    }
    let url = request.uri().to_string();
    let response = next.call(request).await?;
    if response.status().is_success() {
        state.journal.answered(&url);
    }
    Ok(response.map_into_boxed_body())
}
