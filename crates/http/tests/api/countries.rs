//! GET /v1/countries.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::harness::World;

async fn countries() -> Vec<Value> {
    let answer = World::new().await.send(TestRequest::get().uri("/V1/Countries/")).await;
    assert_eq!(answer.status, 200, "without a key");
    answer.json().as_array().expect("an array").clone()
}

fn named<'a>(countries: &'a [Value], name: &str) -> &'a Value {
    let named = |country: &&Value| country.get("name") == Some(&Value::from(name));
    countries.iter().find(named).expect("there is such a country")
}

#[actix_web::test]
async fn every_country_is_there_once_under_its_iso_number() {
    let countries = countries().await;
    let ids: std::collections::BTreeSet<_> =
        countries.iter().filter_map(|country| country.get("id")?.as_u64()).collect();
    assert_eq!(ids.len(), countries.len());
    assert!(ids.len() >= 249, "{}", ids.len());
    assert_eq!(named(&countries, "Germany"), &json!({"id": 276, "name": "Germany", "states": []}));
}

#[actix_web::test]
async fn canada_and_the_usa_have_their_states() {
    let countries = countries().await;
    let canada = named(&countries, "Canada");
    assert_eq!(canada["id"], 124);
    assert_eq!(canada["states"].as_array().map(Vec::len), Some(13));
    assert_eq!(canada["states"][8], json!({"id": 9, "name": "Ontario"}));
    let usa = countries.iter().find(|country| country["id"] == 840).expect("the USA");
    assert_eq!(usa["states"].as_array().map(Vec::len), Some(52));
    assert_eq!(usa["states"][0], json!({"id": 14, "name": "Alaska"}));
    assert_eq!(usa["states"][51], json!({"id": 65, "name": "Wyoming"}));
}
