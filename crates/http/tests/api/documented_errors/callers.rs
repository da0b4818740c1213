//! Whoever may not call, or calls too often, or at a bad time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cardlift_core::account::RateLimits;
use cardlift_core::ports::StoreErrorKind;

use super::{FAILED, GONE, Row, Seen, all_but, anonymous, see};
use crate::description;
use crate::harness::{World, authorization_of, authorized};

pub(super) async fn keys_are_told_apart(seen: &mut Seen, &(verb, path, body, _): &Row) {
    let world = World::new().await;
    let unknown = format!("Basic {}", STANDARD.encode("0:nobody"));
    for (header, status, value) in [
        (None, 401, "An API key is required: send the header Authorization: Basic <API key>."),
        (Some(unknown.as_str()), 401, "The API key is unknown, has expired or was revoked."),
        (Some("Basic !"), 400, "Authorization key is not in the correct format."),
    ] {
        let request = anonymous(verb, path, body);
        let request = header
            .into_iter()
            .fold(request, |request, header| request.insert_header(("Authorization", header)));
        let answer = world.send(request).await;
        see(seen, verb, path, &answer, status, value);
        let scheme = (status == 401).then_some("Basic realm=\"Cardlift\"");
        assert_eq!(answer.header("www-authenticate"), scheme);
    }
}

pub(super) async fn a_scope_that_is_missing_is_told(seen: &mut Seen, &(verb, path, body, _): &Row) {
    let world = World::new().await;
    let scopes = description::scopes(verb, path).expect("it is for callers with a key");
    let [scope] = scopes.as_slice() else { panic!("{verb} {path} needs one scope") };
    world.add_key("without", |key| key.scopes = all_but(scope)).await;
    let request = anonymous(verb, path, body);
    let request = request.insert_header(("Authorization", authorization_of("without")));
    let answer = world.send(request).await;
    let value = format!("This needs the scope {scope}, which the API key does not have.");
    see(seen, verb, path, &answer, 403, &value);
    let left = answer.header("x-rate-limit-remaining-minute");
    assert_eq!(left, Some("999"), "the key is known, and the request counts");
}

pub(super) async fn limits_are_told(seen: &mut Seen, &(verb, path, body, _): &Row) {
    let world = World::new().await;
    let limits = RateLimits { per_minute: Some(0), per_day: None };
    world.limit(limits).await;
    let answer = world.send(authorized(anonymous(verb, path, body))).await;
    let value = "The API key has made all the requests it may for now. Try again later.";
    see(seen, verb, path, &answer, 429, value);
    assert_eq!(answer.header("retry-after"), Some("60"));
    assert_eq!(answer.header("x-rate-limit-remaining-minute"), Some("0"));
}

pub(super) async fn a_busy_server_is_told(seen: &mut Seen, &(verb, path, body, _): &Row) {
    let mut world = World::new().await;
    world.limit_concurrency(0);
    let answer = world.send(authorized(anonymous(verb, path, body))).await;
    let value = "The server has as many requests as it can work on. Try again later.";
    see(seen, verb, path, &answer, 503, value);
    assert_eq!(answer.header("retry-after"), Some("1"));
}

pub(super) async fn a_database_in_trouble_is_told(seen: &mut Seen, &(verb, path, body, _): &Row) {
    for (kind, status, value) in [
        (StoreErrorKind::Unavailable, 503, GONE),
        (StoreErrorKind::Failed, 500, FAILED),
        (StoreErrorKind::Corrupt, 500, FAILED),
    ] {
        let world = World::troubled(kind).await;
        let answer = world.send(authorized(anonymous(verb, path, body))).await;
        see(seen, verb, path, &answer, status, value);
        assert_eq!(answer.header("retry-after"), (status == 503).then_some("5"));
    }
}
