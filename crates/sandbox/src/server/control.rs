//! Faults and counts, over HTTP.

use actix_web::web::{Bytes, Data};
use actix_web::{HttpResponse, Responder};
use serde_json::json;

use super::State;
use crate::faults::Fault;

/// POST /_sandbox/faults.
pub(super) async fn add_fault(state: Data<State>, body: Bytes) -> HttpResponse {
    match serde_json::from_slice::<Fault>(&body) {
        Ok(fault) if fault.rate.is_none_or(|rate| (0.0..=1.0).contains(&rate)) => {
            state.faults.add(fault);
            HttpResponse::NoContent().finish()
        }
        Ok(_) => HttpResponse::BadRequest().json(json!({"error": "rate is from 0 to 1"})),
        Err(error) => HttpResponse::BadRequest().json(json!({"error": error.to_string()})),
    }
}

/// DELETE /_sandbox/faults.
pub(super) async fn clear_faults(state: Data<State>) -> HttpResponse {
    state.faults.clear();
    HttpResponse::NoContent().finish()
}

/// GET /_sandbox/requests.
pub(super) async fn requests(state: Data<State>) -> impl Responder {
    HttpResponse::Ok().json(state.journal.requests())
}

/// GET /_sandbox/answers.
pub(super) async fn answers(state: Data<State>) -> impl Responder {
    HttpResponse::Ok().json(state.journal.answers())
}

/// GET /_sandbox/listed.
pub(super) async fn listed(state: Data<State>) -> impl Responder {
    HttpResponse::Ok().json(state.journal.customers_listed())
}

/// DELETE /_sandbox/requests.
pub(super) async fn clear_requests(state: Data<State>) -> HttpResponse {
    state.journal.clear();
    HttpResponse::NoContent().finish()
}
