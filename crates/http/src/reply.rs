//! An answer that can be kept and given again.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ContentType, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Serialize;

/// Says that an answer was given before.
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// An answer in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
    /// In how many seconds to come again.
    pub(crate) retry_after: Option<u64>,
    /// Whether it was given before.
    pub(crate) replayed: bool,
}

impl Reply {
    /// A reply with this object as its body.
    pub(crate) fn json(status: StatusCode, object: &impl Serialize) -> Self {
        match serde_json::to_vec(object) {
            Ok(body) => Self { status, body, retry_after: None, replayed: false },
            // Our objects have no keys but text, and no numbers that JSON lacks.
            Err(error) => {
                tracing::error!(%error, "an answer could not be written");
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                Self { status, body: Vec::new(), retry_after: None, replayed: false }
            }
        }
    }
}

impl From<Reply> for HttpResponse {
    fn from(reply: Reply) -> Self {
        let mut response = HttpResponseBuilder::new(reply.status);
        response.insert_header(ContentType::json());
        if reply.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Basic realm=\"Cardlift\"");
            response.insert_header((WWW_AUTHENTICATE, scheme));
        }
        if let Some(seconds) = reply.retry_after {
            response.insert_header((RETRY_AFTER, seconds));
        }
        if reply.replayed {
            response.insert_header((REPLAYED, HeaderValue::from_static("true")));
        }
        response.body(reply.body)
    }
}
