//! What operations answer: statuses, headers and bodies.

use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::link::LinkBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{Content, Ref, RefOr, Schema};

use crate::endpoint::{About, Success};

/// Where an answer has its id.
const ITS_ID: &str = "$response.body#/id";

/// The header on every answer.
const ALWAYS: &[&str] = &["X-Request-Id"];

/// The headers on what a caller with a key is answered.
const KEYED: &[&str] = &[
    "X-Rate-Limit-Limit-Minute",
    "X-Rate-Limit-Remaining-Minute",
    "X-Rate-Limit-Reset-Minute",
    "X-Rate-Limit-Limit-Day",
    "X-Rate-Limit-Remaining-Day",
    "X-Rate-Limit-Reset-Day",
];

/// The headers on lists.
const LISTS: &[&str] = &[
    "X-Count",
    "X-MaxCount",
    "X-CurrentPage",
    "X-NextPage",
    "X-PreviousPage",
    "X-PageSize",
    "X-MaxPageIndex",
    "X-SortOrder",
    "X-SortExpression",
];

/// The header on what was answered before.
const REPLAYED: &[&str] = &["Idempotent-Replayed"];

/// The headers: what they hold, and what that says.
const HEADERS: &[(&str, Type, &str)] = &[
    (
        "X-Request-Id",
        Type::String,
        "The request's id, in the server's log too: the caller's own, or a new one.",
    ),
    ("X-Rate-Limit-Limit-Minute", Type::Integer, "How many requests the key may make in a minute."),
    ("X-Rate-Limit-Remaining-Minute", Type::Integer, "How many of them are left."),
    ("X-Rate-Limit-Reset-Minute", Type::Integer, "In how many seconds the next minute begins."),
    ("X-Rate-Limit-Limit-Day", Type::Integer, "How many requests the key may make in a day."),
    ("X-Rate-Limit-Remaining-Day", Type::Integer, "How many of them are left."),
    ("X-Rate-Limit-Reset-Day", Type::Integer, "In how many seconds the next day begins."),
    ("X-Count", Type::Integer, "How many there are on this page."),
    ("X-MaxCount", Type::Integer, "How many there are on all pages."),
    ("X-CurrentPage", Type::Integer, "The page, from 0."),
    ("X-NextPage", Type::Integer, "The next page; -1 where there is none."),
    ("X-PreviousPage", Type::Integer, "The page before; -1 where there is none."),
    ("X-PageSize", Type::Integer, "How many a page has room for."),
    ("X-MaxPageIndex", Type::Integer, "The last page."),
    ("X-SortOrder", Type::String, "Ascending or Descending."),
    ("X-SortExpression", Type::String, "The field the list is sorted by."),
    ("X-Next-After", Type::Integer, "The `after` of the next page."),
    (
        "Idempotent-Replayed",
        Type::String,
        "true: this was answered before, under the same Idempotency-Key.",
    ),
    ("Content-Disposition", Type::String, "A name for the file."),
    ("Cache-Control", Type::String, "no-store."),
    ("Content-Security-Policy", Type::String, "What the page may do."),
    ("X-Accel-Buffering", Type::String, "no: it is sent on as it comes."),
    ("Retry-After", Type::Integer, "In how many seconds to come again."),
    ("WWW-Authenticate", Type::String, "How to authenticate."),
];

/// What can go wrong: the status, its name, what it means, and the headers it has besides.
const FAILURES: &[(u16, &str, &str, &[&str])] = &[
    (
        400,
        "BadRequest",
        "The key is not in the correct format, the body can't be read, or a field, parameter or \
         header can't be used: an entry for each, which names it. Or something in the request looks \
         like a card number, wherever that is: nothing of it is kept.",
        &["Idempotent-Replayed"],
    ),
    (
        401,
        "Unauthorized",
        "No key, or one that is unknown, has expired or was revoked.",
        &["WWW-Authenticate"],
    ),
    (403, "Forbidden", "The key does not have the scope that this needs, which is named.", &[]),
    (
        404,
        "NotFound",
        "There is nothing of this id, or none of the caller's.",
        &["Idempotent-Replayed"],
    ),
    (408, "RequestTimeout", "The body did not arrive in time.", &[]),
    (
        409,
        "Conflict",
        "A request with this Idempotency-Key is being carried out; or what there is does not allow \
         it, such as the state of a job.",
        &["Retry-After", "Idempotent-Replayed"],
    ),
    (413, "ContentTooLarge", "The body is too long.", &[]),
    (
        415,
        "UnsupportedMediaType",
        "The body does not say that it is of a media type that is taken.",
        &[],
    ),
    (
        422,
        "UnprocessableContent",
        "The Idempotency-Key was sent before, with another request.",
        &[],
    ),
    (
        429,
        "TooManyRequests",
        "The key has made all the requests it may for now, or too many wrong keys came from this \
         address.",
        &["Retry-After"],
    ),
    (
        500,
        "InternalServerError",
        "The server failed, and nothing was changed. Its log says why, under the X-Request-Id.",
        &[],
    ),
    (
        502,
        "BadGateway",
        "The vault refuses the server's credentials, or its answer can't be understood.",
        &[],
    ),
    (
        503,
        "ServiceUnavailable",
        "The vault or the database is out of reach, or takes no more requests.",
        &["Retry-After"],
    ),
];

/// The answer to what can go wrong, by name.
pub(super) fn failures(error: &RefOr<Schema>) -> impl Iterator<Item = (&'static str, Response)> {
    FAILURES.iter().map(move |(_, name, description, headers)| {
        let error = Content::new(Some(error.clone()));
        let response =
            ResponseBuilder::new().description(*description).content("application/json", error);
        (*name, with_headers(response, &[ALWAYS, KEYED, headers]).build())
    })
}

/// What an operation answers, by status.
pub(super) fn of(about: &About) -> impl Iterator<Item = (String, RefOr<Response>)> {
    let failures = FAILURES.iter().filter(|(status, ..)| about.failures.contains(status));
    let failures = failures
        .map(|(status, name, ..)| (status.to_string(), Ref::from_response_name(*name).into()));
    let (status, success) = success(about);
    std::iter::once((status.to_string(), success.into())).chain(failures)
}

fn success(about: &About) -> (u16, Response) {
    let json = |response: ResponseBuilder, schema: RefOr<Schema>| {
        response.content("application/json", Content::new(Some(schema)))
    };
    let mut headers = vec![ALWAYS, about.headers];
    let (status, response) = match &about.success {
        Success::Object(what, schema) => {
            (200, json(ResponseBuilder::new().description(*what), schema.clone()))
        }
        Success::List(what, schema) => {
            headers.push(LISTS);
            let page = ArrayBuilder::new().items(schema.clone());
            (200, json(ResponseBuilder::new().description(*what), page.into()))
        }
        Success::File(what, media_types) => {
            let content = || Content::new(None::<RefOr<Schema>>);
            let response = ResponseBuilder::new().description(*what);
            let all = media_types.iter();
            (200, all.fold(response, |response, of| response.content(*of, content())))
        }
        Success::Nothing(status, what) => (*status, ResponseBuilder::new().description(*what)),
    };
    if about.scope.is_some() {
        headers.push(KEYED);
    }
    if about.idempotent {
        headers.push(REPLAYED);
    }
    let response = about.links.iter().fold(response, |response, operation| {
        let link = LinkBuilder::new().operation_id(*operation).parameter("id", ITS_ID).build();
        response.link(*operation, link)
    });
    (status, with_headers(response, &headers).build())
}

fn with_headers(response: ResponseBuilder, groups: &[&[&'static str]]) -> ResponseBuilder {
    let names = groups.iter().copied().flatten();
    names.fold(response, |response, name| {
        response.header_ref(*name, Ref::new(format!("#/components/headers/{name}")))
    })
}

/// Every header that an answer can have, by name.
pub(super) fn headers() -> impl Iterator<Item = (&'static str, Header)> {
    HEADERS.iter().map(|(name, of, description)| {
        let schema = ObjectBuilder::new().schema_type(SchemaType::new(of.clone()));
        let header = HeaderBuilder::new().schema(Some(schema)).description(Some(*description));
        (*name, header.build())
    })
}
