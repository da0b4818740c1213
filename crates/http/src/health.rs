//! GET /healthz and /readyz.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::Api;
use crate::endpoint::{Endpoint, Success};
use crate::error::ApiError;
use crate::reply::Reply;

/// How it goes.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `ok`, or `ready`.
    status: &'static str,
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let (up, able) = ("Says that the process answers", "Says that it can work");
    let nothing = || Success::Nothing(200, "It does.");
    vec![
        Endpoint::at(Method::GET, "/healthz", "readHealth")
            .for_everybody(healthz)
            .does(up)
            .answers::<Health>("It does."),
        Endpoint::at(Method::HEAD, "/healthz", "checkHealth")
            .for_everybody(healthz)
            .does(up)
            .succeeds(nothing()),
        Endpoint::at(Method::GET, "/readyz", "readReadiness")
            .for_everybody(readyz)
            .does(able)
            .failing(&[500, 503])
            .answers::<Health>("It can."),
        Endpoint::at(Method::HEAD, "/readyz", "checkReadiness")
            .for_everybody(readyz)
            .does(able)
            .failing(&[500, 503])
            .succeeds(nothing()),
    ]
}

/// The process answers.
async fn healthz() -> HttpResponse {
    Reply::json(StatusCode::OK, &Health { status: "ok" }).into()
}

/// The process answers, and so does its database.
async fn readyz(api: Data<Api>) -> HttpResponse {
    match api.readiness.check().await {
        Ok(()) => Reply::json(StatusCode::OK, &Health { status: "ready" }).into(),
        Err(error) => ApiError::from(error).response(),
    }
}
