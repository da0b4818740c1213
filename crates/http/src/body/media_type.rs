//! What a body says that it is.

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_TYPE;

/// The media type of a request's body, in lower case and without parameters; empty where the
/// request says none.
pub(crate) fn media_type(request: &HttpRequest) -> String {
    let Some(given) = request.headers().get(CONTENT_TYPE) else { return String::new() };
    bare(given.to_str().unwrap_or("none"))
}

/// A media type in lower case and without parameters.
pub(crate) fn bare(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
