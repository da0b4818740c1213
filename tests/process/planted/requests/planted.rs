//! A card number in each place of a request for an operation.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::place::Sent;
use super::super::{DASHED, GROUPED, NUMBER};
use crate::described::Operation;

pub(super) fn all(operation: &Operation) -> Vec<Sent> {
    let all = [in_the_address(operation), in_headers(operation), in_bodies(operation)];
    all.into_iter().flatten().collect()
}

fn in_the_address(operation: &Operation) -> Vec<Sent> {
    let ids = [NUMBER, DASHED, "%35105105105105100", "5105%201051%200510%205100"];
    let ids = ids.into_iter().filter(|_| operation.is_of_one());
    let parameters = operation.parameters.iter().map(String::as_str).chain(["other"]);
    let queries = parameters.flat_map(|name| {
        [format!("?{name}={NUMBER}"), format!("?a=b&{name}=x:5105+1051+0510+5100;y")]
    });
    let names = [format!("?{NUMBER}=1"), "?%35105105105105100".to_owned()];
    let queries = queries.chain(names).map(|query| operation.request("1", &query));
    ids.map(|id| operation.request(id, "")).chain(queries).collect()
}

fn in_headers(operation: &Operation) -> Vec<Sent> {
    let credentials = STANDARD.encode(format!("{NUMBER}:"));
    let headers = [
        ("X-Request-Id", NUMBER.to_owned()),
        ("Idempotency-Key", format!("{NUMBER}-3f1c2d4e-5a6b-4c7d-8e9f-0a1b2c3d4e5f")),
        ("User-Agent", format!("client/1.0 ({GROUPED})")),
        ("Cookie", "card=%35105105105105100".to_owned()),
        ("Referer", format!("http://localhost/?card={DASHED}")),
        ("Authorization", format!("Basic {credentials}")),
        ("X-5105105105105100", "1".to_owned()),
    ];
    headers.map(|(name, value)| operation.request("1", "").header(name, value)).into()
}

fn in_bodies(operation: &Operation) -> Vec<Sent> {
    let mut all = Vec::new();
    for (media_type, example) in &operation.bodies {
        let bodies = match example {
            Value::String(file) => in_a_file(file),
            object => in_an_object(object, &operation.members),
        };
        all.extend(
            bodies.into_iter().map(|body| operation.request("1", "").body(media_type, body)),
        );
    }
    all
}

/// Objects that have one in each of the members that are described, and elsewhere.
fn in_an_object(example: &Value, members: &[String]) -> Vec<String> {
    let with = |name: &str, value: Value| {
        let mut object = example.as_object().expect("an object").clone();
        object.insert(name.to_owned(), value);
        Value::Object(object).to_string()
    };
    let number: u64 = NUMBER.parse().expect("a number");
    let described = members.iter().flat_map(|name| {
        [json!(NUMBER), json!(number), json!(GROUPED)].map(|value| with(name, value))
    });
    let elsewhere = [
        with("other", json!({"deep": [{"down": DASHED}]})),
        with("other", json!({NUMBER: 1})),
        with(NUMBER, json!(1)),
        with("other", json!("ESCAPED")).replace("ESCAPED", "\\u0035105 1051 0510 5100"),
        "{firstName:'\\x35105105105105100'}".to_owned(),
        "{customerId:5.1051051051051e15}".to_owned(),
        format!("{{firstName:'Maria'}} // {NUMBER}"),
        format!("{{firstName:'Maria' {NUMBER}"),
    ];
    described.chain(elsewhere).collect()
}

/// Files that have one in each place of a line, after lines that are good; and in the first.
fn in_a_file(file: &str) -> Vec<String> {
    let last = file.lines().last().expect("a line");
    let lines = if last.starts_with('{') { in_an_object_of(last) } else { in_cells(last) };
    let after = lines.into_iter().map(|line| format!("{file}{line}\n{last}\n"));
    after.chain([format!("{NUMBER},{file}")]).collect()
}

fn in_an_object_of(line: &str) -> Vec<String> {
    let members = [
        format!("\"customerid\":\"{NUMBER}\""),
        format!("\"note\":[{NUMBER}]"),
        format!("\"{NUMBER}\":1"),
        "\"note\":\"\\u0035105 1051 0510 5100\"".to_owned(),
    ];
    members.map(|member| line.replacen('{', &format!("{{{member},"), 1)).into()
}

fn in_cells(line: &str) -> Vec<String> {
    let cells: Vec<_> = line.split(',').collect();
    let in_each = (0..cells.len()).map(|place| {
        let cells = cells.iter().enumerate();
        let cells = cells.map(|(at, cell)| if at == place { GROUPED } else { cell });
        cells.collect::<Vec<_>>().join(",")
    });
    in_each.chain([format!("{line},{NUMBER}"), format!("{line},\"{DASHED}\"")]).collect()
}
