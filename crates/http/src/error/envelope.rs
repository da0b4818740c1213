//! The body of every error.

use actix_web::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// The body of every error, in the letter case that clients test for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = Error)]
pub(crate) struct Envelope<'a> {
    /// Always 0.
    error_id: u8,
    /// The status of the answer.
    http_status_code: u16,
    /// What is wrong, an entry each.
    errors: Vec<Entry<'a>>,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = ErrorEntry)]
struct Entry<'a> {
    /// Always `Api Error`.
    key: &'static str,
    /// What it is, and what to do.
    value: &'a str,
}

impl<'a> Envelope<'a> {
    pub(super) fn new(status: StatusCode, values: &'a [String]) -> Self {
        let errors = values.iter().map(|value| Entry { key: "Api Error", value }).collect();
        Self { error_id: 0, http_status_code: status.as_u16(), errors }
    }
}
