//! Import jobs. Nothing works on them here: where outcomes are needed, a test settles rows.

mod actions;
mod broken_uploads;
mod ended_keys;
mod events;
mod lists;
mod plan;
mod results;
mod uploads;
mod worker;

use actix_web::test::TestRequest;

pub(crate) use self::actions::finished as finished_job;
use crate::harness::{Answer, World, authorized};

pub(crate) const JOBS: &str = "/v1/paymentMethodImport/Stripe/jobs";

/// Three rows of a file, for customer 1.
const THREE: &str = "customerId,stripeCustomerId,stripeCardId\n\
                     1,cus_1,card_1\n1,cus_1,card_2\n001,cus_2,\n";

/// A request that makes a job of a CSV file.
pub(crate) fn upload(file: impl Into<bytes::Bytes>) -> TestRequest {
    upload_to(JOBS, file)
}

fn upload_to(uri: &str, file: impl Into<bytes::Bytes>) -> TestRequest {
    let request = authorized(TestRequest::post().uri(uri));
    request.insert_header(("Content-Type", "text/csv")).set_payload(file)
}

/// A job with [`THREE`] rows, which is the first.
async fn three() -> World {
    let world = World::new().await;
    assert_eq!(world.send(upload(THREE)).await.status, 200);
    world
}

/// Asks for something to be done with job 1.
async fn act(world: &World, action: &str) -> Answer {
    world.ask("POST", &format!("{JOBS}/1/{action}")).await
}

/// State and reason of job 1.
async fn state(world: &World) -> String {
    let job = world.ask("GET", &format!("{JOBS}/1")).await.json();
    format!("{} {}", job["state"], job["haltReason"]).replace('"', "")
}
