//! Which results are wanted, and how they are to be written.

use std::sync::LazyLock;

use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT;
use cardlift_core::job::{OutcomeFilter, RowOutcome};
use cardlift_rows::Format;
use utoipa::openapi::path::Parameter;

use super::row::Form;
use crate::body::{Fields, Members, bare_media_type};
use crate::error::ApiError;
use crate::jobs::file;
use crate::openapi::schema;

/// The first is taken where nothing is said.
static OUTCOMES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let named = RowOutcome::ALL.map(RowOutcome::name);
    ["all", "pending", "failed"].into_iter().chain(named).collect()
});

const FORMATS: &[&str] = &["csv", "ndjson"];

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) filter: OutcomeFilter,
    /// The word for it.
    pub(super) outcome: &'static str,
    pub(super) form: Form,
}

/// What a request asks for, or everything that is wrong with it.
pub(super) fn parse(request: &HttpRequest) -> Result<Wanted, ApiError> {
    let query = Members::of_query(request.query_string());
    let mut fields = Fields::new(&query);
    let outcome = fields.one_of("outcome", &OUTCOMES);
    let format = fields.one_of("format", FORMATS);
    let taken = (|| {
        let (outcome, format) = (outcome?, format?);
        let form = match format {
            _ if !query.holds("format") => accepted(request),
            "ndjson" => Form::Ndjson,
            _ => Form::Csv,
        };
        Some(Wanted { filter: OutcomeFilter::from_name(outcome)?, outcome, form })
    })();
    fields.finish(taken).map_err(ApiError::Fields)
}

/// The first of the forms that a request accepts, whatever it says of their quality.
fn accepted(request: &HttpRequest) -> Form {
    let given = request.headers().get_all(ACCEPT).filter_map(|accept| accept.to_str().ok());
    let mut types = given.flat_map(|accept| accept.split(',')).map(bare_media_type);
    match types.find_map(|media_type| file::format_of(&media_type)) {
        Some(Format::Ndjson) => Form::Ndjson,
        Some(Format::Csv) | None => Form::Csv,
    }
}

pub(super) fn parameters() -> [Parameter; 2] {
    [
        schema::in_query(
            "outcome",
            schema::one_of(OUTCOMES.iter().copied()),
            "Which rows: all unless told; pending, those without an outcome; failed, for whatever \
             reason; or those of one outcome.",
        )
        .build(),
        schema::in_query(
            "format",
            schema::one_of(FORMATS.iter().copied()),
            "How they are written. Unless told, as Accept says, and else as CSV.",
        )
        .build(),
    ]
}
