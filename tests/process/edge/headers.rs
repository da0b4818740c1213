//! What every answer says to browsers.

use cardlift_tests::{Backend, Program, client};
use reqwest::{Method, Response};

use super::serve;
use crate::overloaded::upload;

/// Holds an answer against what each must say; gives what it says of what it may run.
#[track_caller]
fn check(answer: &Response, status: u16) -> String {
    let place = format!("{} {}", answer.url(), answer.status());
    assert_eq!(answer.status(), status, "{place}");
    let header = |name: &str| {
        let all: Vec<_> = answer.headers().get_all(name).iter().collect();
        assert!(all.len() <= 1, "{place}: {name} is there twice");
        all.first().map(|value| value.to_str().expect("text").to_owned())
    };
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(header(name).as_deref(), Some(value), "{place}: {name}");
    }
    assert_eq!(header("strict-transport-security"), None, "{place}: there is no TLS");
    assert_eq!(header("server"), None, "{place}");
    assert!(!format!("{:?}", answer.headers()).contains(env!("CARGO_PKG_VERSION")), "{place}");
    header("content-security-policy").expect("it says what it may run")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_says_what_it_is_and_what_it_may_do() {
    let backend = Backend::sqlite();
    let serve = serve(&backend)
        .env("CARDLIFT_METRICS_LISTEN", "127.0.0.1:0")
        .env("CARDLIFT_REQUESTS_AT_ONCE", "1");
    let (server, base) = Program::serve(serve).await;
    let key = backend.key().await;
    let send = async |method: Method, url: &str, key: &str| {
        let request = client().request(method, url).header("authorization", key);
        request.send().await.expect("an answer")
    };
    let key_header = format!("Basic {key}");
    let at = |path: &str| format!("{base}{path}");
    let metrics = server.metrics().await;
    for (method, url, key, status) in [
        (Method::GET, at("/healthz"), "", 200),
        (Method::GET, at("/v1/customers"), key_header.as_str(), 200),
        (Method::GET, at("/v1/customers"), "", 400),
        (Method::GET, at("/v1/customers"), "Basic MDpub2JvZHk=", 401),
        (Method::GET, at("/v1/customers/9"), &key_header, 404),
        (Method::DELETE, at("/v1/customers"), &key_header, 405),
        (Method::GET, at("/nothing"), "", 404),
        (Method::GET, at("/openapi.json"), "", 200),
        (Method::GET, at("/docs/nothing"), "", 404),
        (Method::GET, metrics, "", 200),
    ] {
        let policy = check(&send(method, &url, key).await, status);
        assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'", "{url}");
    }
    let _upload = upload(&base, &key).await;
    check(&send(Method::GET, &at("/v1/countries"), "").await, 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_may_do_what_it_does() {
    let backend = Backend::sqlite();
    let (server, base) = Program::serve(serve(&backend)).await;
    let get = async |path: &str| {
        client().get(format!("{base}/docs/{path}")).send().await.expect("an answer")
    };
    let page = get("").await;
    let policy = check(&page, 200);
    for may in
        ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "img-src 'self' data:"]
    {
        assert!(policy.split("; ").any(|part| part == may), "{may}: {policy}");
    }
    let page = page.text().await.expect("text");
    let scripts: Vec<_> = page.split("<script").skip(1).collect();
    assert!(!scripts.is_empty(), "{page}");
    for script in scripts {
        let (source, rest) = script.split_once("</script>").expect("its end");
        assert!(source.starts_with(" src=\"./") && source.ends_with("> "), "{source}");
        let name = source.split('"').nth(1).and_then(|path| path.strip_prefix("./"));
        check(&get(name.expect("a path")).await, 200);
        assert!(!rest.contains(" onload="), "{rest}");
    }
    assert_eq!(server.stop().await, Some(0));
}
