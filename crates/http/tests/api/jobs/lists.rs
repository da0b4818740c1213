//! Jobs that are there.

use cardlift_core::account::AccountName;
use cardlift_core::job::{CardChoice, JobOptions, ReadingChoice, RunMode};
use cardlift_core::ports::{AccountRepository as _, Clock as _, ImportJobStore as _};
use cardlift_core::vault::VaultAccount;
use rstest::rstest;
use serde_json::Value;

use super::{JOBS, THREE, three, upload, upload_to};
use crate::harness::World;

#[rstest]
#[case("", &[1, 2, 3], "3 3 0 -1 -1 100 0 Ascending id")]
#[case("?sortOrder=Descending&pageSize=2&sortExpression=id", &[3, 2], "2 3 0 1 -1 2 1 Descending id")]
#[case("?pageNumber=1&pageSize=2", &[3], "1 3 1 -1 0 2 1 Ascending id")]
#[actix_web::test]
async fn the_list_has_every_job(#[case] query: &str, #[case] ids: &[i64], #[case] headers: &str) {
    let world = three().await;
    world.connect().await;
    world.send(upload_to("/v1/paymentMethodImport/stripeConnect/jobs", THREE)).await;
    world.send(upload(THREE)).await;
    let answer = world.ask("GET", &format!("{JOBS}{query}")).await;
    assert_eq!(answer.list_headers::<9>().join(" "), headers);
    let jobs = answer.json();
    let found = jobs.as_array().expect("a bare array").iter().map(|job| job["id"].as_i64());
    assert_eq!(found.collect::<Option<Vec<_>>>().as_deref(), Some(ids));
}

#[actix_web::test]
async fn a_query_that_can_t_be_is_told_by_its_parts() {
    let answer = World::new().await.ask("GET", &format!("{JOBS}?sortExpression=rows")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.values()),
        (400, vec!["sortExpression must be id.".into()])
    );
}

#[actix_web::test]
async fn one_is_read_as_it_was_answered() {
    let world = World::new().await;
    let made = world.send(upload(THREE)).await.json();
    let uri = "/V1/PaymentMethodImport/STRIPE/Jobs/1/";
    assert_eq!(world.ask("GET", uri).await.json(), made);
}

#[rstest]
#[case("GET", "")]
#[case("GET", "/plan")]
#[case("GET", "/results")]
#[case("GET", "/events")]
#[case("POST", "/start")]
#[case("POST", "/pause")]
#[case("POST", "/resume")]
#[case("POST", "/cancel")]
#[case("POST", "/retry")]
#[case("POST", "/undo")]
#[actix_web::test]
async fn another_account_s_job_is_not_there(#[case] verb: &str, #[case] operation: &str) {
    let world = World::new().await;
    let name = AccountName::parse("other").expect("a name");
    let other = world.stores.ensure(&name).await.expect("made").id;
    let options = JobOptions {
        vault: VaultAccount::DEFAULT,
        cards: CardChoice::All,
        mode: RunMode::Import,
        reading: ReadingChoice::Scan,
    };
    let job = world.stores.create_job(other, &options, world.clock.now()).await.expect("made");
    let answer = world.ask(verb, &format!("{JOBS}/{}{operation}", job.id)).await;
    assert_eq!((answer.status.as_u16(), answer.values()), (404, vec!["Job 1 not found.".into()]));
    assert_eq!(world.ask("GET", JOBS).await.json(), Value::Array(Vec::new()));
}
