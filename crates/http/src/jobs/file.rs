//! The file that a job is made of, by what it says that it is.

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_ENCODING;
use cardlift_rows::Format;
use serde_json::Value;
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, ContentBuilder, Required};

use crate::body::{self, BodyError};

pub(super) const CSV: &str = "text/csv";
pub(super) const NDJSON: &str = "application/x-ndjson";

/// The same under names that it has elsewhere.
const ALSO_NDJSON: [&str; 2] = ["application/ndjson", "application/jsonl"];

/// How the body of a request is written.
pub(super) fn format_of_body(request: &HttpRequest) -> Result<Format, BodyError> {
    let plain = request.headers().get_all(CONTENT_ENCODING).all(|encoding| {
        encoding.to_str().is_ok_and(|encoding| encoding.trim().eq_ignore_ascii_case("identity"))
    });
    if !plain {
        return Err(BodyError::Encoded);
    }
    format_of(&body::media_type(request)).ok_or(BodyError::RowsType)
}

/// The format that has this media type.
pub(super) fn format_of(media_type: &str) -> Option<Format> {
    match media_type {
        CSV => Some(Format::Csv),
        NDJSON => Some(Format::Ndjson),
        other if ALSO_NDJSON.contains(&other) => Some(Format::Ndjson),
        _ => None,
    }
}

/// What the body is said to be.
pub(super) fn body() -> RequestBody {
    RequestBodyBuilder::new()
        .description(Some(
            "A row for each card: customerId, the billing system's customer; stripeCustomerId; and \
             stripeCardId, or nothing for the default of that customer of the vault. Of any length. \
             CSV begins with a line that names its columns, in any order and letter case, more than \
             these too; `,`, `;` or a tab is between them. NDJSON has an object a line.",
        ))
        .content(
            CSV,
            content(
                "customerId,stripeCustomerId,stripeCardId\n\
                 2526546,cus_AExsNjBZDLMNDK,card_19uTyBAXix6Ggd0efp4HNNp7\n\
                 2526547,cus_AExsOkCADMNOEL,\n",
            ),
        )
        .content(
            NDJSON,
            content(
                "{\"customerId\":2526546,\"stripeCustomerId\":\"cus_AExsNjBZDLMNDK\",\
                 \"stripeCardId\":\"card_19uTyBAXix6Ggd0efp4HNNp7\"}\n\
                 {\"customerId\":2526547,\"stripeCustomerId\":\"cus_AExsOkCADMNOEL\"}\n",
            ),
        )
        .required(Some(Required::True))
        .build()
}

fn content(example: &str) -> Content {
    let text = ObjectBuilder::new().schema_type(Type::String);
    ContentBuilder::new().schema(Some(text)).example(Some(Value::from(example))).build()
}
