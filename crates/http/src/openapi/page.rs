//! GET /docs/: the description, for people. All that the page needs is in the program.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use actix_web::http::Method;
use actix_web::http::header::{
    CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ContentEncoding, LOCATION,
};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use utoipa::openapi::Required;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa_swagger_ui::Config;

use crate::endpoint::{Endpoint, Success};
use crate::error::ApiError;

/// The page runs what is beside it and nothing else, asks this server alone, and is in no frame. What
/// it draws with has styles and pictures in it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

/// Where the description is, as seen from the page.
static CONFIG: LazyLock<Arc<Config<'static>>> =
    LazyLock::new(|| Arc::new(Config::from("../openapi.json")));

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let file = ParameterBuilder::new()
        .name("file")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("Its name."))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build();
    vec![
        Endpoint::at(Method::GET, "/docs/", "readDocs")
            .for_everybody(page)
            .does("Shows this API to people")
            .telling(&["Content-Security-Policy"])
            .succeeds(Success::File("The page.", &["text/html"])),
        Endpoint::at(Method::GET, "/docs/{file}", "readDocsFile")
            .for_everybody(part)
            .does("A part of the page")
            .takes([file])
            .telling(&["Content-Security-Policy"])
            .failing(&[404])
            .succeeds(Success::File("The part.", &["*/*"])),
    ]
}

/// The page, whose parts are named from where it is: at a path that ends in a slash.
async fn page(request: HttpRequest) -> HttpResponse {
    if request.path().ends_with('/') {
        file("index.html")
    } else {
        HttpResponse::PermanentRedirect().insert_header((LOCATION, "docs/")).finish()
    }
}

async fn part(request: HttpRequest) -> HttpResponse {
    file(request.match_info().get("file").unwrap_or_default())
}

fn file(name: &str) -> HttpResponse {
    let Ok(Some(file)) = utoipa_swagger_ui::serve(name, CONFIG.clone()) else {
        return ApiError::UnknownRoute.response();
    };
    let mut response = HttpResponse::Ok();
    if file.gzpipped {
        response.insert_header((CONTENT_ENCODING, ContentEncoding::Gzip));
    }
    response.insert_header((CONTENT_SECURITY_POLICY, POLICY));
    // Most are in the program: none is copied for those who ask and never read it.
    let bytes = match file.bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    };
    response.content_type(file.content_type).body(bytes)
}
