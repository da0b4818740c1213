//! What became of the rows of jobs.

use rstest::rstest;
use serde_json::{Value, json};

use super::worker::Worker;
use super::{JOBS, act, three, upload};
use crate::harness::{Answer, World, authorized};

const HEADER: &str =
    "line,customerId,stripeCustomerId,stripeCardId,outcome,field,detail,paymentMethodId,undone";

/// A job with a row of each kind: imported, failed, pending, invalid.
async fn mixed() -> World {
    let world = World::new().await;
    let file = "customerId,stripeCustomerId,stripeCardId\n\
                1,cus_1,card_1\n1,cus_1,card_2\n001,cus_2,\n,cus_3,card_3\n";
    assert_eq!(world.send(upload(file)).await.status, 200);
    act(&world, "start").await;
    Worker::new(&world).await.settle(2).await;
    world
}

async fn results(world: &World, query: &str) -> Answer {
    world.ask("GET", &format!("{JOBS}/1/results{query}")).await
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).expect("text")
}

#[actix_web::test]
async fn results_are_a_csv_file_with_a_header() {
    let world = mixed().await;
    let answer = results(&world, "").await;
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    let name = "attachment; filename=\"import-job-1-all.csv\"";
    assert_eq!(answer.header("content-disposition"), Some(name));
    let text = text(&answer);
    assert!(text.ends_with("\r\n"));
    insta::assert_snapshot!(text.replace('\r', ""), @r"
    line,customerId,stripeCustomerId,stripeCardId,outcome,field,detail,paymentMethodId,undone
    2,1,cus_1,card_1,imported,,,1,false
    3,1,cus_1,card_2,card_not_found,,No such source: 'card_2',,false
    4,001,cus_2,,pending,,,,false
    5,,,,invalid_row,customerId,customerId is required.,,false
    ");
}

#[rstest]
#[case("?format=ndjson", "*/*")]
#[case("?FORMAT=NDJson", "text/csv")]
#[case("", "text/html, application/ndjson;q=0.9, text/csv")]
#[actix_web::test]
async fn results_are_ndjson_where_that_is_asked_for(#[case] query: &str, #[case] accept: &str) {
    let world = mixed().await;
    let request = actix_web::test::TestRequest::get().uri(&format!("{JOBS}/1/results{query}"));
    let answer = world.send(authorized(request).insert_header(("Accept", accept))).await;
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    let name = "attachment; filename=\"import-job-1-all.ndjson\"";
    assert_eq!(answer.header("content-disposition"), Some(name));
    let text = text(&answer);
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let outcomes: Vec<_> = lines.iter().map(|line| &line["outcome"]).collect();
    assert_eq!(outcomes, ["imported", "card_not_found", "pending", "invalid_row"]);
    assert_eq!(lines[2]["customerId"], "001");
    let first = json!({
        "line": 2, "customerId": "1", "stripeCustomerId": "cus_1", "stripeCardId": "card_1",
        "outcome": "imported", "field": null, "detail": null, "paymentMethodId": 1, "undone": false,
    });
    assert_eq!(lines[0], first);
}

#[rstest]
#[case("all", &["2", "3", "4", "5"])]
#[case("pending", &["4"])]
#[case("Failed", &["3", "5"])]
#[case("imported", &["2"])]
#[case("card_not_found", &["3"])]
#[case("restored", &[])]
#[actix_web::test]
async fn results_are_chosen_by_their_outcome(#[case] outcome: &str, #[case] lines: &[&str]) {
    let world = mixed().await;
    let text = text(&results(&world, &format!("?format=csv&outcome={outcome}")).await);
    let mut rows = text.lines();
    assert_eq!(rows.next(), Some(HEADER), "a file without rows has its header, too");
    let found: Vec<_> = rows.filter_map(|row| row.split(',').next()).collect();
    assert_eq!(found, lines);
}

#[actix_web::test]
async fn a_query_that_can_t_be_is_told_by_its_parts() {
    let world = three().await;
    let answer = results(&world, "?outcome=lost&format=xlsx").await;
    assert_eq!(answer.status, 400);
    let values = answer.values();
    assert!(values[0].starts_with("outcome must be all or pending or failed or imported or "));
    assert_eq!(values[1..], ["format must be csv or ndjson."]);
}

#[rstest]
#[case(999)]
#[case(1_000)]
#[case(1_001)]
#[case(2_000)]
#[actix_web::test]
async fn results_of_several_pages_are_all_there_and_there_once(#[case] count: usize) {
    let world = World::new().await;
    let rows = (0..count).map(|row| format!("1,cus_1,card_{row}\n"));
    let header = "customerId,stripeCustomerId,stripeCardId\n".to_owned();
    let file: Vec<_> = [header].into_iter().chain(rows).collect();
    world.send(upload(file.concat())).await;
    let text = text(&results(&world, "").await);
    let found: Vec<_> = text.lines().skip(1).filter_map(|row| row.split(',').nth(3)).collect();
    let expected: Vec<_> = (0..count).map(|row| format!("card_{row}")).collect();
    assert_eq!(found, expected);
}
