//! The body of every error.

use actix_web::http::StatusCode;
use serde::Serialize;

/// The body of every error, in the letter case that clients test for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Envelope<'a> {
    error_id: u8,
    http_status_code: u16,
    errors: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry<'a> {
    key: &'static str,
    value: &'a str,
}

impl<'a> Envelope<'a> {
    pub(super) fn new(status: StatusCode, values: &'a [String]) -> Self {
        let errors = values.iter().map(|value| Entry { key: "Api Error", value }).collect();
        Self { error_id: 0, http_status_code: status.as_u16(), errors }
    }
}
