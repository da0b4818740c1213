//! GET /healthz and /readyz.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde_json::json;

use crate::api::Api;
use crate::error::ApiError;
use crate::reply::Reply;

/// The process answers.
pub(crate) async fn healthz() -> HttpResponse {
    Reply::json(StatusCode::OK, &json!({"status": "ok"})).into()
}

/// The process answers, and so does its database.
pub(crate) async fn readyz(api: Data<Api>) -> HttpResponse {
    match api.readiness.check().await {
        Ok(()) => Reply::json(StatusCode::OK, &json!({"status": "ready"})).into(),
        Err(error) => ApiError::from(error).response(),
    }
}
