//! A file becomes a job.

use std::sync::Arc;

use cardlift_core::account::AccountId;
use cardlift_core::job::JobId;
use cardlift_core::ports::ImportJobStore as _;
use futures_util::stream;
use rstest::rstest;
use serde_json::json;

use super::{JOBS, THREE, upload, upload_to};
use crate::harness::{Answer, World, authorized};

const CONNECTED: &str = "/v1/paymentMethodImport/stripeConnect/jobs";

/// The lines of job 1's results, but for their header.
async fn results(world: &World) -> Vec<String> {
    let answer = world.ask("GET", &format!("{JOBS}/1/results")).await;
    let text = String::from_utf8(answer.body).expect("text");
    text.lines().skip(1).map(ToOwned::to_owned).collect()
}

async fn count_of_jobs(world: &World) -> Option<String> {
    world.ask("GET", JOBS).await.header("x-maxcount").map(ToOwned::to_owned)
}

#[track_caller]
fn check(answer: &Answer, status: u16, values: &[&str]) {
    assert_eq!(
        (answer.status.as_u16(), answer.values()),
        (status, values.iter().map(ToString::to_string).collect())
    );
}

#[actix_web::test]
async fn a_file_becomes_a_job_that_waits_to_be_started() {
    let world = World::new().await;
    let answer = world.send(upload(THREE)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let text = String::from_utf8(answer.body).expect("text");
    insta::assert_snapshot!(text, @r#"{"id":1,"state":"ready","haltReason":null,"dryRun":false,"cards":"default","reading":"cheapest","vault":"own","rows":3,"settledRows":0,"pendingRows":3,"results":{},"failed":0,"canaryRows":null,"vaultCalls":0,"createdTimestamp":"2027-01-15T08:00:00Z","startedTimestamp":null,"finishedTimestamp":null,"modifiedTimestamp":"2027-01-15T08:00:00Z"}"#);
}

#[rstest]
#[case("text/csv", THREE)]
#[case(
    "text/csv; charset=utf-8",
    "\u{feff}customerId,stripeCustomerId,stripeCardId\r\n1,cus_1,card_1\r\n1,cus_1,card_2\r\n001,cus_2,\r\n"
)]
#[case(
    "Text/CSV",
    "\"customerId\",\"stripeCustomerId\",\"stripeCardId\"\n\"1\",\"cus_1\",\"card_1\"\n\"1\",cus_1,card_2\n001,cus_2,\"\""
)]
#[case(
    "text/csv",
    "note;STRIPECARDID;CustomerID;stripecustomerid\n\"a; \"\"b\"\"\";card_1;1;cus_1\n;card_2;1;cus_1\n;;001;cus_2\n"
)]
#[actix_web::test]
async fn each_spelling_of_a_csv_file_has_the_same_rows(
    #[case] content_type: &str,
    #[case] file: &'static str,
) {
    let world = World::new().await;
    let request = upload(file).insert_header(("Content-Type", content_type));
    assert_eq!(world.send(request).await.status, 200);
    let expected = [
        "2,1,cus_1,card_1,pending,,,,false",
        "3,1,cus_1,card_2,pending,,,,false",
        "4,001,cus_2,,pending,,,,false",
    ];
    assert_eq!(results(&world).await, expected);
}

#[rstest]
#[case("application/x-ndjson")]
#[case("application/ndjson;charset=UTF-8")]
#[case("application/jsonl")]
#[actix_web::test]
async fn a_line_of_ndjson_is_a_row(#[case] content_type: &str) {
    let world = World::new().await;
    let file = "{\"customerId\":1,\"stripeCustomerId\":\"cus_1\",\"stripeCardId\":\"card_1\"}\n\
                {\"STRIPECUSTOMERID\":\"cus_2\",\"customerid\":\"001\",\"note\":[]}\n[]\n";
    let request = upload(file).insert_header(("Content-Type", content_type));
    assert_eq!(world.send(request).await.status, 200);
    let expected = [
        "1,1,cus_1,card_1,pending,,,,false",
        "2,001,cus_2,,pending,,,,false",
        "3,,,,invalid_row,,the line is no JSON object with ids that are texts or whole numbers.,,false",
    ];
    assert_eq!(results(&world).await, expected);
}

#[actix_web::test]
async fn a_row_that_can_t_be_used_has_its_line_and_its_reason() {
    let world = World::new().await;
    let file = "customerId,stripeCustomerId,stripeCardId\nx,cus_1,card_1\n1,,\n1,cus_1\n\
                1,cus_1,visa\n1,cus_1,card_1\n1,cus_1,card_1\n1,\"cus_1,\n";
    let answer = world.send(upload(file)).await.json();
    assert_eq!((&answer["rows"], &answer["settledRows"]), (&json!(7), &json!(6)));
    assert_eq!((&answer["pendingRows"], &answer["failed"]), (&json!(1), &json!(6)));
    assert_eq!(answer["results"], json!({"duplicate_row": 1, "invalid_row": 5}));
    insta::assert_snapshot!(results(&world).await.join("\n"), @r#"
    2,,,,invalid_row,customerId,customerId must be a whole number from 1 to 9223372036854775807.,,false
    3,,,,invalid_row,stripeCustomerId,stripeCustomerId is required.,,false
    4,,,,invalid_row,,"the row has 2 fields, and the header has 3.",,false
    5,,,,invalid_row,stripeCardId,stripeCardId must start with card_ or src_ or pm_ or ba_.,,false
    6,1,cus_1,card_1,pending,,,,false
    7,1,cus_1,card_1,duplicate_row,,An earlier row asks for the same.,,false
    8,,,,invalid_row,,"a quote is not closed, or something stands after it.",,false
    "#);
}

#[actix_web::test]
async fn a_file_may_have_no_rows() {
    let world = World::new().await;
    let answer = world.send(upload("customerId,stripeCustomerId\n")).await.json();
    assert_eq!((&answer["state"], &answer["rows"]), (&json!("ready"), &json!(0)));
}

#[rstest]
#[case("", "ready false default cheapest null")]
#[case("?DRYRUN=True", "ready true default cheapest null")]
#[case("?cards=all&reading=scan", "ready false all scan null")]
#[case("?reading=Customers&start=false", "ready false default customers null")]
#[case("?start=true", "running false default cheapest null")]
#[case("?start=true&canary=2", "running false default cheapest 2")]
#[actix_web::test]
async fn the_query_says_what_the_job_is_to_do(#[case] query: &str, #[case] expected: &str) {
    let world = World::new().await;
    let answer = world.send(upload_to(&format!("{JOBS}/{query}"), THREE)).await;
    let job = answer.json();
    let told =
        ["state", "dryRun", "cards", "reading", "canaryRows"].map(|name| job[name].to_string());
    assert_eq!(told.join(" ").replace('"', ""), expected);
    assert_eq!(job["vault"], "own");
}

#[rstest]
#[case("?dryRun=yes&cards=some&reading=fast&start=1&canary=0", &[
    "dryRun must be false or true.",
    "cards must be default or all.",
    "reading must be cheapest or customers or scan.",
    "start must be false or true.",
    "canary must be a whole number from 1 to 4294967295.",
])]
#[case("?canary=7", &["canary is for a job that is started: start=true."])]
#[case("?start=true&start=true", &["start must be given once."])]
#[actix_web::test]
async fn a_query_that_can_t_be_makes_no_job(#[case] query: &str, #[case] values: &[&str]) {
    let world = World::new().await;
    check(&world.send(upload_to(&format!("{JOBS}{query}"), THREE)).await, 400, values);
    assert_eq!(count_of_jobs(&world).await.as_deref(), Some("0"));
}

#[actix_web::test]
async fn the_connected_account_is_read_where_there_is_one() {
    let world = World::new().await;
    let answer = world.send(upload_to(CONNECTED, THREE)).await;
    let value = "This account has no connected Stripe account: its operator has to set one.";
    check(&answer, 400, &[value]);
    assert_eq!(count_of_jobs(&world).await.as_deref(), Some("0"));
    world.connect().await;
    let answer = world.send(upload_to("/V1/PaymentMethodImport/StripeConnect/Jobs/", THREE)).await;
    assert_eq!(answer.json()["vault"], "connected");
    assert_eq!(world.ask("GET", CONNECTED).await.header("allow"), Some("POST"));
}

#[rstest]
#[case("", "the file is empty: a CSV file begins with a line that names its columns")]
#[case("a,b\n1,2\n", "the file has no column customerId: its first line must name one")]
#[case("PK\u{3}\u{4}\n", "the file has no column customerId: its first line must name one")]
#[case("customerId,customerId,stripeCustomerId\n", "the file has the column customerId twice")]
#[actix_web::test]
async fn a_file_that_is_none_makes_no_job(#[case] file: &'static str, #[case] problem: &str) {
    let world = World::new().await;
    let value = format!("The request body can't be used: {problem}.");
    check(&world.send(upload(file)).await, 400, &[&value]);
    assert_eq!(count_of_jobs(&world).await.as_deref(), Some("0"));
}

#[rstest]
#[case(Some("application/json"))]
#[case(Some("text/csvx"))]
#[case(None)]
#[actix_web::test]
async fn another_content_type_is_refused(#[case] content_type: Option<&str>) {
    let request = authorized(actix_web::test::TestRequest::post().uri(JOBS)).set_payload(THREE);
    let given = content_type.into_iter();
    let request = given.fold(request, |request, of| request.insert_header(("Content-Type", of)));
    let answer = World::new().await.send(request).await;
    check(&answer, 415, &["The Content-Type must be text/csv or application/x-ndjson."]);
}

#[actix_web::test]
async fn a_compressed_file_is_refused() {
    let request = upload(THREE).insert_header(("Content-Encoding", "gzip"));
    let answer = World::new().await.send(request).await;
    check(&answer, 415, &["The request body must not be compressed: leave out Content-Encoding."]);
    let request = upload(THREE).insert_header(("Content-Encoding", "Identity"));
    assert_eq!(World::new().await.send(request).await.status, 200);
}

#[actix_web::test]
async fn the_same_file_under_one_idempotency_key_makes_two_jobs() {
    let world = World::new().await;
    for id in [1, 2] {
        let request = upload(THREE).insert_header(("Idempotency-Key", "key"));
        assert_eq!(world.send(request).await.json()["id"], id);
    }
}

#[actix_web::test]
async fn a_large_file_is_written_while_it_comes() {
    let world = Arc::new(World::new().await);
    let header = "customerId,stripeCustomerId,stripeCardId\n".to_owned();
    let rows = (0..20_000).map(|row| format!("1,cus_{row},card_{row}\n"));
    let file = [header].into_iter().chain(rows).collect::<Vec<_>>().concat().into_bytes();
    let pieces: Vec<_> = file.chunks(1_000).map(bytes::Bytes::copy_from_slice).collect();
    let coming = stream::unfold(
        (world.clone(), pieces.into_iter(), 0),
        async |(world, mut pieces, sent)| {
            let piece = pieces.next()?;
            let id = JobId::try_from(1).expect("an id");
            let job = world.stores.find_job(AccountId::DEFAULT, id).await.expect("asked");
            let written = job.map_or(0, |job| job.rows);
            assert_eq!(written % 5_000, 0, "rows are written in batches");
            assert!(sent < written + 5_100, "{written} of about {sent} are written");
            let count = piece.split(|byte| *byte == b'\n').count() - 1;
            let sent = sent + u64::try_from(count).expect("a count");
            Some((Ok(piece), (world, pieces, sent)))
        },
    );
    let answer = world.send_pieces(upload(""), coming).await;
    assert_eq!(answer.json()["rows"], 20_000);
}
