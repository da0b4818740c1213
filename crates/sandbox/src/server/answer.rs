//! Answers.

use actix_web::HttpResponse;
use actix_web::http::header::{ContentType, HeaderName};
use serde::Serialize;

use crate::objects::ApiError;

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

pub(super) fn object(object: &impl Serialize) -> HttpResponse {
    let Ok(body) = serde_json::to_vec(object) else {
        return error(&ApiError::Server);
    };
    HttpResponse::Ok()
        .insert_header((REQUEST_ID, "req_sandbox"))
        .insert_header(ContentType::json())
        .body(body)
}

pub(super) fn error(error: &ApiError) -> HttpResponse {
    let mut response = HttpResponse::build(error.status())
        .insert_header(ContentType::json())
        .body(error.body().to_string());
    for (name, value) in error.headers() {
        response.headers_mut().insert(name, value);
    }
    response
}

pub(super) fn result(result: Result<impl Serialize, ApiError>) -> HttpResponse {
    match result {
        Ok(found) => object(&found),
        Err(refused) => error(&refused),
    }
}
