//! Whatever is thrown at the server, it answers in its own words and blames the caller.

use actix_web::rt::System;
use actix_web::test::TestRequest;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::harness::{Answer, World, authorized};

const PATHS: [&str; 29] = [
    "/v1/paymentMethodImport/Stripe",
    "/v1/paymentMethodImport/stripeConnect",
    "/v1/achCardImport/Stripe",
    "/v1/achCardImport/stripeConnect",
    "/v1/paymentMethodImport/Stripe/jobs",
    "/v1/paymentMethodImport/stripeConnect/jobs",
    "/v1/paymentMethodImport/Stripe/jobs/{}",
    "/v1/paymentMethodImport/Stripe/jobs/{}/start",
    "/v1/paymentMethodImport/Stripe/jobs/{}/plan",
    "/v1/paymentMethodImport/Stripe/jobs/{}/results",
    "/v1/paymentMethodImport/Stripe/jobs/{}/events",
    "/v1/customers",
    "/v1/customers/{}",
    "/v1/customers/{}/paymentMethods",
    "/v1/customers/{}/paymentMethods/all",
    "/v1/customers/{}/paymentMethods/creditCard",
    "/v1/customers/{}/paymentMethods/achCard",
    "/v1/customers/{}/CreditCards",
    "/v1/paymentMethods/{}/creditCard",
    "/v1/paymentMethods/{}/achCard",
    "/v1/paymentMethods/makeDefault",
    "/v1/countries",
    "/admin/accounts",
    "/admin/accounts/{}",
    "/admin/accounts/{}/vaultKey",
    "/admin/accounts/{}/keys",
    "/admin/accounts/{}/keys/1",
    "/healthz",
    "/{}",
];

/// A request, as far as it is made up.
#[derive(Debug, Clone)]
struct Junk {
    verb: &'static str,
    uri: String,
    /// `None` is the right key.
    authorization: Option<String>,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn uri() -> impl Strategy<Value = String> {
    let id = prop_oneof![Just("1".to_owned()), "[0-9]{1,20}", "\\PC{1,10}"];
    let name = prop_oneof![
        Just("pageNumber".to_owned()),
        Just("pageSize".to_owned()),
        Just("sortOrder".to_owned()),
        Just("sortExpression".to_owned()),
        Just("query".to_owned()),
        Just("id".to_owned()),
        Just("customerId".to_owned()),
        Just("type".to_owned()),
        Just("canary".to_owned()),
        Just("outcome".to_owned()),
        "[a-zA-Z]{0,6}",
    ];
    let value = prop_oneof![
        "[0-9-]{0,12}",
        "(id|firstName|status|createdTimestamp|x):[a-z0-9*|,\\[\\]T:-]{0,12};?",
        "\\PC{0,20}",
        Just("Descending".to_owned()),
    ];
    let query = prop::collection::vec((name, value), 0..4);
    (prop::sample::select(&PATHS[..]), id, query).prop_map(|(path, id, query)| {
        let path = path.replace("{}", &encoded(&id));
        let pairs = query.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
    })
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        "\\PC{0,12}".prop_map(Value::from),
        "(cus|card|ba|pm|src)_[a-z0-9]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            object(inner),
        ]
    })
}

fn object(values: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        Just("customerId".to_owned()),
        Just("stripeCustomerId".to_owned()),
        Just("stripeCardId".to_owned()),
        Just("isDefault".to_owned()),
        Just("id".to_owned()),
        Just("status".to_owned()),
        Just("parentId".to_owned()),
        Just("firstName".to_owned()),
        Just("name".to_owned()),
        Just("key".to_owned()),
        Just("ratePerDay".to_owned()),
        Just("disabled".to_owned()),
        Just("scopes".to_owned()),
        Just("expiresAt".to_owned()),
        "\\PC{0,6}",
    ];
    prop::collection::vec((name, values), 0..6)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let json = || object(value()).prop_map(|value| value.to_string());
    let json5 = json().prop_map(|text| text.replace('"', "'"));
    let near = "[{\\[]?['\"a-z:,0-9+.xInfNa/* \\\\-]{0,40}[}\\]]?";
    prop_oneof![
        json().prop_map(String::into_bytes),
        json5.prop_map(String::into_bytes),
        near.prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..64),
        rows().prop_map(String::into_bytes),
        account().prop_map(|value| value.to_string().into_bytes()),
        Just(b"{customerId:1,stripeCustomerId:'cus_1',stripeCardId:'card_1'}".to_vec()),
    ]
}

/// What makes or changes an account or a key.
fn account() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[a-z0-9-]{0,52}".prop_map(|name| json!({"name": name})),
        "(sk|rk|pk)_(live|test)?_?[!-~]{0,9}".prop_map(|key| json!({"key": key})),
        (any::<bool>(), any::<u64>()).prop_map(|(disabled, limit)| {
            json!({"disabled": disabled, "ratePerDay": limit, "ratePerMinute": null})
        }),
        ("\\PC{0,9}", "[0-9]{4}-[01][0-9]-[0-3][0-9](T23:59:60Z)?").prop_map(|(label, end)| {
            json!({"label": label, "expiresAt": end, "scopes": ["read"]})
        }),
    ]
}

fn rows() -> impl Strategy<Value = String> {
    let line =
        prop_oneof!["[1-9]{0,3},(cus|card)_[a-z0-9]{0,4},(card_1)?", "[\"',;a-z0-9\r\t]{0,20}"];
    let lines = prop::collection::vec(line, 0..6);
    lines
        .prop_map(|lines| format!("customerId,stripeCustomerId,stripeCardId\n{}", lines.join("\n")))
}

fn junk() -> impl Strategy<Value = Junk> {
    let verb = prop::sample::select(&["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"][..]);
    let authorization = prop_oneof![
        4 => Just(None),
        1 => "(Basic |Bearer |)[A-Za-z0-9+/=]{0,90}".prop_map(Some),
        1 => "[ -~]{0,40}".prop_map(Some),
    ];
    let name = prop::sample::select(
        &["Content-Type", "Idempotency-Key", "X-Request-Id", "Accept", "Content-Encoding"][..],
    );
    let media_type =
        prop::sample::select(&["application/json", "text/csv", "application/jsonl"][..]);
    let header = prop_oneof!["[ -~]{0,40}".boxed(), media_type.prop_map(str::to_owned).boxed()];
    let headers = prop::collection::vec((name, header), 0..3);
    (verb, uri(), authorization, headers, body()).prop_map(
        |(verb, uri, authorization, headers, body)| Junk {
            verb,
            uri,
            authorization,
            headers,
            body,
        },
    )
}

fn answer(junk: &Junk) -> Answer {
    System::new().block_on(async {
        let request = TestRequest::default().method(junk.verb.parse().expect("a verb"));
        let request = request.uri(&junk.uri);
        let mut request = match &junk.authorization {
            None => authorized(request),
            Some(header) => request.insert_header(("Authorization", header.as_str())),
        };
        for (name, value) in &junk.headers {
            request = request.append_header((*name, value.as_str()));
        }
        World::new().await.send(request.set_payload(junk.body.clone())).await
    })
}

proptest! {
    #[test]
    fn junk_is_answered_and_never_with_a_fault_of_ours(junk in junk()) {
        let answer = answer(&junk);
        let status = answer.status.as_u16();
        prop_assert!((200..500).contains(&status), "{status}");
        if status >= 400 {
            prop_assert!(!answer.values().is_empty(), "the envelope, with what is wrong");
        } else {
            let body = String::from_utf8_lossy(&answer.body);
            prop_assert!(!body.contains("ErrorId"), "clients take it for an error");
        }
    }
}
