//! The API's description, made from its endpoints: OpenAPI 3.1.

mod answer;
mod page;
pub(crate) mod schema;

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::ContentType;
use actix_web::http::{Method, StatusCode};
use bytes::Bytes;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, PathItem, PathsBuilder};
use utoipa::openapi::response::Response;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, License, OpenApi, OpenApiBuilder, RefOr, SecurityRequirement,
};

use crate::api;
use crate::endpoint::{About, Endpoint, Success};
use crate::error::Envelope;
use crate::reply::Reply;

pub(crate) use self::page::endpoints as page_endpoints;

/// The name of what callers authenticate with.
const KEY: &str = "apiKey";

/// The description of the API that [`routes`](crate::routes) serves.
#[must_use]
pub fn openapi() -> OpenApi {
    let mut paths = PathsBuilder::new();
    let mut components = ComponentsBuilder::new().security_scheme(KEY, key());
    let mut schemas = Vec::new();
    let error = schema::referred::<Envelope<'_>>(&mut schemas);
    for (name, response) in answer::failures(&error) {
        components = components.response(name, response);
    }
    for (name, header) in answer::headers() {
        components = components.header(name, header);
    }
    for (part, Endpoint { method, path, about, .. }) in api::endpoints() {
        schemas.extend_from_slice(&about.schemas);
        paths = paths.path(path, PathItem::new(verb(&method), operation(part, about)));
    }
    for (name, schema) in schemas {
        components = components.schema(name, schema);
    }
    let info = InfoBuilder::new()
        .title("Cardlift")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Imports payment cards and bank accounts from Stripe's vault into a billing system. \
             Paths may be in any letter case, and end in a slash; so may names of members and \
             parameters be in any letter case. Errors are in one envelope.",
        ))
        .license(Some(License::new("Apache-2.0")));
    OpenApiBuilder::new()
        .info(info.build())
        .paths(paths.build())
        .components(Some(components.build()))
        .build()
}

/// It is not copied for those who ask and never read it.
static DOCUMENT: LazyLock<Bytes> =
    LazyLock::new(|| Reply::json(StatusCode::OK, &openapi()).body.into());

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at(Method::GET, "/openapi.json", "readDescription")
            .for_everybody(document)
            .does("Describes this API, in OpenAPI 3.1")
            .succeeds(Success::Object("The description.", schema::object())),
    ]
}

async fn document() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::json()).body(DOCUMENT.clone())
}

fn operation(part: &str, about: About) -> Operation {
    let responses = answer::of(&about).collect::<Vec<_>>();
    let mut operation = OperationBuilder::new()
        .operation_id(Some(about.id))
        .tag(part)
        .summary(Some(about.summary))
        .description(about.description)
        .parameters(Some(about.parameters))
        .request_body(about.body);
    if about.idempotent {
        operation = operation.parameter(schema::idempotency_key());
    }
    if let Some(scope) = about.scope {
        // Of a scheme without scopes of its own these are roles that are required:
        // https://spec.openapis.org/oas/v3.1.0#security-requirement-object
        operation = operation.security(SecurityRequirement::new(KEY, [scope.name()]));
    }
    let respond = |operation: OperationBuilder, (status, response): (String, RefOr<Response>)| {
        operation.response(status, response)
    };
    responses.into_iter().fold(operation, respond).build()
}

fn key() -> SecurityScheme {
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Basic).description(Some(
        "The key as it was issued, which is base64 of `0:` and the secret: the user `0`, and the \
         secret for a password. It needs the scope that an operation names: `import`, `read`, `manage` \
         or `admin`.",
    ));
    SecurityScheme::Http(scheme.build())
}

fn verb(method: &Method) -> HttpMethod {
    match method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        "HEAD" => HttpMethod::Head,
        _ => HttpMethod::Get,
    }
}
