//! Holds every answer of these tests against the API's description: its status, each of its
//! headers, and its body must be in it.

use std::sync::LazyLock;

use actix_web::http::header::HeaderName;
use serde_json::Value;

use crate::harness::Answer;

static DESCRIPTION: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(cardlift_http::openapi()).expect("JSON"));

/// Headers that belong to any answer with a body.
const OF_BODIES: [&str; 3] = ["content-type", "content-length", "content-encoding"];

/// Every error that is described: the operation's name, and the status.
pub(crate) fn errors() -> Vec<(String, u16)> {
    let paths = DESCRIPTION["paths"].as_object().expect("paths");
    let operations = paths.values().flat_map(|path| path.as_object().expect("a path").values());
    let errors = operations.flat_map(|operation| {
        let id = operation["operationId"].as_str().expect("a name");
        let statuses = operation["responses"].as_object().expect("responses").keys();
        let statuses = statuses.map(|status| status.parse().expect("a status"));
        statuses.filter(|status| *status >= 400).map(|status| (id.to_owned(), status))
    });
    errors.collect()
}

/// Every operation that is described: its verb, its path, and the scopes that it needs, where it needs a
/// key.
pub(crate) fn operations() -> Vec<(String, &'static str, Option<Vec<&'static str>>)> {
    let paths = DESCRIPTION["paths"].as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, verbs)| {
        let verbs = verbs.as_object().expect("a path").keys();
        verbs.map(move |verb| (verb.to_uppercase(), path.as_str(), scopes(verb, path)))
    });
    operations.collect()
}

/// The scopes that an operation needs, where it needs a key.
pub(crate) fn scopes(verb: &str, path: &str) -> Option<Vec<&'static str>> {
    let security = DESCRIPTION["paths"][path][verb.to_lowercase()]["security"].as_array()?;
    let [way] = security.as_slice() else { panic!("{verb} {path} can be called in several ways") };
    let scopes = way["apiKey"].as_array().expect("scopes").iter();
    Some(scopes.map(|scope| scope.as_str().expect("a name")).collect())
}

/// The name of an operation: of a verb at a path as it is described.
pub(crate) fn operation(verb: &str, path: &str) -> Option<&'static str> {
    DESCRIPTION["paths"][path][verb.to_lowercase()]["operationId"].as_str()
}

/// Holds an answer of a verb at a path, which is as it is described, against the description.
#[track_caller]
pub(crate) fn check(verb: &str, path: Option<&str>, answer: &Answer) {
    let place = format!("{verb} {path:?} {}", answer.status);
    assert!(answer.header("x-request-id").is_some(), "{place} has no id");
    let operation = path.map(|path| &DESCRIPTION["paths"][path][verb.to_lowercase()]);
    let Some(operation) = operation.filter(|operation| operation.is_object()) else {
        // Nothing, another verb, or a card number in either.
        assert!([404, 405, 400].contains(&answer.status.as_u16()), "{place} is not described");
        return;
    };
    let response = followed(&operation["responses"][answer.status.as_str()]);
    assert!(response.is_object(), "{place} is not described");
    for name in answer.headers.keys().map(HeaderName::as_str) {
        let headers = response["headers"].as_object().expect("headers");
        let described = headers.keys().any(|header| header.eq_ignore_ascii_case(name));
        assert!(described || OF_BODIES.contains(&name), "{place}: {name} is not described");
    }
    let json = &response["content"]["application/json"]["schema"];
    if json.is_object() && verb != "HEAD" {
        let mut schema = json.clone();
        schema["components"] = DESCRIPTION["components"].clone();
        let problem =
            jsonschema::validate(&schema, &answer.json()).map_err(|error| error.to_string());
        assert_eq!(problem, Ok(()), "{place}");
    }
}

/// What a reference within the description refers to, or the value itself.
fn followed(value: &'static Value) -> &'static Value {
    let place = value["$ref"].as_str().and_then(|place| place.strip_prefix('#'));
    place.map_or(value, |place| DESCRIPTION.pointer(place).expect("it is described"))
}
