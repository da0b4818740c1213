//! A request that carries a card number is refused, wherever in it that is, and nothing of it is
//! kept or repeated.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::stream;
use rstest::rstest;
use serde_json::Value;

use crate::harness::{Answer, BODY, PATH, SECRET, World, authorized, import};
use crate::jobs::{JOBS, upload};

const NUMBER: &str = "4242424242424242";

/// Holds an answer to be the refusal of what stands at this place.
#[track_caller]
fn check(answer: &Answer, place: &str) {
    assert_eq!(answer.status, 400, "{place}: {}", String::from_utf8_lossy(&answer.body));
    let values = answer.values();
    assert_eq!(values.len(), 1);
    assert_eq!(
        values[0].split_once(" holds what looks like a card number. ").map(|(place, _)| place),
        Some(place)
    );
    let headers = answer.headers.iter().map(|(_, value)| String::from_utf8_lossy(value.as_bytes()));
    assert!(!headers.chain([values[0].as_str().into()]).any(|text| text.contains("4242")));
}

#[rstest]
#[case("/v1/customers/4242424242424242", "The path")]
#[case("/v1/customers/%34242424242424242/CreditCards", "The path")]
#[case("/4242-4242-4242-4242", "The path")]
#[case("/v1/customers?pageSize=4242424242424242", "The parameter pageSize")]
#[case("/v1/customers?query=lastName:4242+4242+4242+4242", "The parameter query")]
#[case("/v1/customers?query=lastName:%EF%BC%94242424242424242", "The parameter query")]
#[case("/v1/customers?x&4242424242424242=1", "The query")]
#[case("/v1/customers?a1=4242424242424242", "The query")]
#[case("/v1/customers/9?%34242424242424242", "The query")]
#[case("http://4242424242424242/v1/customers", "The path")]
#[actix_web::test]
async fn in_the_address(#[case] uri: &str, #[case] place: &str) {
    let world = World::new().await;
    for verb in ["GET", "PATCH"] {
        check(&world.ask(verb, uri).await, place);
    }
    let verb = Method::from_bytes(NUMBER.as_bytes()).expect("a verb");
    let request = TestRequest::default().method(verb).uri("/v1/customers");
    check(&world.send(request).await, "The HTTP method");
}

#[rstest]
#[case("X-Request-Id", NUMBER)]
#[case("Idempotency-Key", "key-4242424242424242")]
#[case("Idempotency-Key", "4242424242424242-3f1c2d4e-5a6b-4c7d-8e9f-0a1b2c3d4e5f")]
#[case("User-Agent", "client (4242 4242 4242 4242)")]
#[case("Referer", "https://shop.example/pay?card=4242%204242%204242%204242")]
#[case("Cookie", "a=b; card=%34242424242424242")]
#[case("Content-Type", "application/json; note=4242424242424242")]
#[case("Anything", "4242-4242-4242-4242")]
#[actix_web::test]
async fn in_a_header(#[case] name: &str, #[case] value: &str) {
    let world = World::new().await;
    let place = format!("The header {}", name.to_lowercase());
    check(&world.send(import(BODY).insert_header((name, value))).await, &place);
    check(
        &world.send(TestRequest::get().uri("/nowhere").insert_header((name, value))).await,
        &place,
    );
    assert_eq!(world.vault_was_asked(), 0);
}

#[actix_web::test]
async fn in_the_name_of_a_header_and_in_one_of_several() {
    let world = World::new().await;
    let request = import(BODY).insert_header(("x-4242424242424242", "a"));
    check(&world.send(request).await, "The name of a header");
    let request = import(BODY).append_header(("x-note", "a")).append_header(("x-note", NUMBER));
    check(&world.send(request).await, "The header x-note");
}

#[actix_web::test]
async fn in_credentials_once_they_are_decoded() {
    let world = World::new().await;
    let encoded = |text: &str| STANDARD.encode(text);
    let nested = encoded(&format!("0:{NUMBER}"));
    for credentials in [
        NUMBER.to_owned(),
        format!("Bearer {NUMBER}"),
        format!("Basic {}", encoded(&format!("{NUMBER}:"))),
        format!("Basic {nested}"),
        format!("Basic {}", encoded(&format!("0:{nested}"))),
        format!("basic  {} ", encoded(&format!("{}:{NUMBER}", "a".repeat(300)))),
    ] {
        let request = import(BODY).insert_header(("Authorization", credentials.as_str()));
        check(&world.send(request).await, "The header authorization");
    }
    let known = format!("Basic {}", encoded(&format!("0:{SECRET}")));
    let request = import(BODY).insert_header(("Authorization", known));
    assert_eq!(world.send(request).await.status, 200);
}

#[rstest]
#[case(
    "{customerId:4242424242424242,stripeCustomerId:'cus_1',stripeCardId:'card_1'}",
    "The field customerId"
)]
#[case(
    "{customerId:4.242424242424242e15,stripeCustomerId:'cus_1',stripeCardId:'card_1'}",
    "The field customerId"
)]
#[case(
    "{customerId:0xf12765df4c9b2,stripeCustomerId:'cus_1',stripeCardId:'card_1'}",
    "The field customerId"
)]
#[case(
    "{customerId:1,stripeCustomerId:'cus_4242424242424242',stripeCardId:'card_1'}",
    "The field stripeCustomerId"
)]
#[case(
    "{customerId:1,stripeCustomerId:'cus_1',stripeCardId:'4242424242424242'}",
    "The field stripeCardId"
)]
#[case(r#"{"firstName":"\u0034242 4242\u00a04242 4242"}"#, "The field firstName")]
#[case(r"{firstName:'\x34242424242424242'}", "The field firstName")]
#[case("{firstName:'4242\\\n424242424242'}", "The field firstName")]
#[case("{firstName:'٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢'}", "The field firstName")]
#[case("{source:{a:[{b:'4242424242424242'}]}}", "The field source")]
#[case("{source:{a:[{'4242424242424242':1}]}}", "The field source")]
#[case("{'4242424242424242':1}", "The request body")]
#[case(r#"{"\u0034242424242424242":1}"#, "The request body")]
#[case("{a1:'4242424242424242'}", "The request body")]
#[case("{a:1} // 4242424242424242", "The request body")]
#[case("{a:1 b:'4242424242424242'}", "The request body")]
#[case("4242424242424242", "The request body")]
#[case("[4242424242424242]", "The request body")]
#[actix_web::test]
async fn in_a_body(#[case] body: &'static str, #[case] place: &str) {
    let world = World::new().await;
    for request in [
        import(body),
        authorized(TestRequest::post().uri("/v1/customers")).set_payload(body),
        authorized(TestRequest::put().uri("/v1/customers")).set_payload(body),
    ] {
        let answer = world.send(request.insert_header(("Idempotency-Key", "key"))).await;
        check(&answer, place);
    }
    // The key was not taken by any of them.
    let request = import(BODY).insert_header(("Idempotency-Key", "key"));
    let answer = world.send(request).await;
    assert_eq!((answer.status.as_u16(), answer.header("idempotent-replayed")), (200, None));
    let customers = world.ask("GET", "/v1/customers").await;
    assert_eq!(customers.header("x-maxcount"), Some("1"), "no other was made");
}

#[actix_web::test]
async fn in_a_file_of_which_nothing_is_imported() {
    let world = World::new().await;
    let rows = (0..6_000).map(|row| format!("1,cus_{row},card_1\n"));
    let header = "customerId,stripeCustomerId,stripeCardId\n".to_owned();
    let pieces = [header].into_iter().chain(rows).chain([format!("1,cus_1,{NUMBER}\n1,cus_2,\n")]);
    let pieces: Vec<_> = pieces.map(|piece| Ok(Bytes::from(piece))).collect();
    let request = upload("").uri(&format!("{JOBS}?start=true"));
    check(&world.send_pieces(request, stream::iter(pieces)).await, "Line 6002 of the file");
    let job = world.ask("GET", &format!("{JOBS}/1")).await.json();
    assert_eq!((&job["state"], &job["haltReason"]), (&"cancelled".into(), &"upload_broken".into()));
    let results = world.ask("GET", &format!("{JOBS}/1/results")).await;
    assert!(!String::from_utf8_lossy(&results.body).contains(NUMBER));
    let line = "{\"customerId\":1,\"note\":\"\\u0034242424242424242\"}\n";
    let request = upload(line).insert_header(("Content-Type", "application/x-ndjson"));
    check(&world.send(request).await, "Line 1 of the file");
    let jobs = world.ask("GET", JOBS).await;
    assert_eq!(jobs.header("x-maxcount"), Some("1"), "a first line makes no job");
}

#[actix_web::test]
async fn what_others_number_requests_with_is_let_through() {
    let world = World::new().await;
    for (name, value) in [
        ("traceparent", "00-a4222222222222bcdef01234567890ab-4222222222222abc-01"),
        ("tracestate", "rojo=4222222222222abc"),
        ("x-datadog-trace-id", "6205500000000000004"),
        ("x-cloud-trace-context", "105445aa7843bc8bf206b12000100000/6205500000000000004;o=1"),
        ("x-amzn-trace-id", "Root=1-67891233-4222222222222a0123456789"),
        ("x-request-start", "t=4222222222222"),
        ("x-request-id", "aaaa4222-2222-2222-2aaa-aaaaaaaaaaaa"),
        ("idempotency-key", "4222222222222abcdef01234"),
        ("date", "Tue, 24 Nov 2026 10:00:00 GMT"),
    ] {
        let answer = world.send(import(BODY).insert_header((name, value))).await;
        assert_eq!(answer.status, 200, "{name}");
    }
    let phone =
        "{primaryPhone:'+4915123456787',companyName:'ACME 2026-11-24',reference:4915123456788}";
    let request = authorized(TestRequest::post().uri("/v1/customers")).set_payload(phone);
    let answer = world.send(request).await;
    assert_eq!(answer.json()["primaryPhone"], Value::from("+4915123456787"));
}

#[actix_web::test]
async fn it_is_refused_before_it_is_asked_who_sends_it() {
    let world = World::new().await;
    let request = TestRequest::post().uri(PATH).insert_header(("Idempotency-Key", NUMBER));
    check(&world.send(request).await, "The header idempotency-key");
}
