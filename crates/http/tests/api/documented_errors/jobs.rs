//! The errors of import jobs.

use std::sync::Arc;

use actix_web::test::TestRequest;
use cardlift_core::ports::VaultError;
use futures_util::{StreamExt as _, stream};

use super::{Row, Seen, anonymous, see};
use crate::harness::{Says, World, authorized};
use crate::jobs::{JOBS, upload};

pub(super) const FILE: &str = "customerId,stripeCustomerId\n1,cus_1\n";
const NO_JOB: &str = "Job 9 not found.";
const NO_FILE: &str = "The request body can't be used: the file has no column customerId: its first line must name one.";
const REFUSED: &str =
    "The vault refuses the credentials of this server. Its operator has to see to it.";

pub(super) const KEYED: &[Row] = &[
    ("POST", "/v1/paymentMethodImport/Stripe/jobs", FILE, None),
    ("POST", "/v1/paymentMethodImport/stripeConnect/jobs", FILE, None),
    ("GET", "/v1/paymentMethodImport/Stripe/jobs", "", None),
    ("GET", "/v1/paymentMethodImport/Stripe/jobs/{id}", "", Some(NO_JOB)),
    ("POST", "/v1/paymentMethodImport/Stripe/jobs/{id}/start", "", Some(NO_JOB)),
    ("POST", "/v1/paymentMethodImport/Stripe/jobs/{id}/pause", "", Some(NO_JOB)),
    ("POST", "/v1/paymentMethodImport/Stripe/jobs/{id}/resume", "", Some(NO_JOB)),
    ("POST", "/v1/paymentMethodImport/Stripe/jobs/{id}/cancel", "", Some(NO_JOB)),
    ("POST", "/v1/paymentMethodImport/Stripe/jobs/{id}/retry", "", Some(NO_JOB)),
    ("POST", "/v1/paymentMethodImport/Stripe/jobs/{id}/undo", "", Some(NO_JOB)),
    ("GET", "/v1/paymentMethodImport/Stripe/jobs/{id}/plan", "", Some(NO_JOB)),
    ("GET", "/v1/paymentMethodImport/Stripe/jobs/{id}/results", "", Some(NO_JOB)),
    ("GET", "/v1/paymentMethodImport/Stripe/jobs/{id}/events", "", Some(NO_JOB)),
];

pub(super) async fn files_are_told_apart(seen: &mut Seen, &(verb, path, body, _): &Row) {
    if body != FILE {
        return;
    }
    let world = World::new().await;
    if path.contains("Connect") {
        let answer = world.send(authorized(anonymous(verb, path, body))).await;
        let value = "This account has no connected Stripe account: its operator has to set one.";
        see(seen, verb, path, &answer, 400, value);
    }
    let answer = world.send(upload("id\n9\n").uri(path)).await;
    see(seen, verb, path, &answer, 400, NO_FILE);
    let request = upload(FILE).uri(path).insert_header(("Content-Type", "application/json"));
    let value = "The Content-Type must be text/csv or application/x-ndjson.";
    see(seen, verb, path, &world.send(request).await, 415, value);
    tokio::time::pause();
    let answer = world.send_stalled(upload("").uri(path)).await;
    tokio::time::resume();
    let value = "Nothing of the request body arrived for 30 seconds.";
    see(seen, verb, path, &answer, 408, value);
    cancelled_meanwhile(seen, verb, path).await;
}

async fn cancelled_meanwhile(seen: &mut Seen, verb: &str, path: &'static str) {
    let world = Arc::new(World::new().await);
    world.connect().await;
    let cancelling = world.clone();
    let cancelled = async move {
        let answer = cancelling.ask("POST", &format!("{JOBS}/1/cancel")).await;
        assert_eq!(answer.status, 200);
        Ok("1,cus_2\n".into())
    };
    let pieces = stream::once(async { Ok(FILE.into()) }).chain(stream::once(cancelled));
    let answer = world.send_pieces(upload("").uri(path), pieces).await;
    let value = "Job 1 is cancelled: it can't be given more rows.";
    see(seen, verb, path, &answer, 409, value);
}

pub(super) async fn what_a_job_is_in_no_state_for_is_told(
    seen: &mut Seen,
    &(verb, path, ..): &Row,
) {
    let Some((_, action)) = path.split_once("jobs/{id}/").filter(|_| verb == "POST") else {
        return;
    };
    let world = World::new().await;
    assert_eq!(world.send(upload(FILE)).await.status, 200);
    let uri = format!("{JOBS}/1/{action}");
    let (state, done) = match action {
        "start" => ("cancelled", "started"),
        "pause" => ("ready", "paused"),
        "resume" => ("ready", "resumed"),
        "cancel" => ("cancelled", "cancelled"),
        "retry" => ("ready", "retried"),
        _ => ("ready", "undone"),
    };
    if state == "cancelled" {
        world.ask("POST", &format!("{JOBS}/1/cancel")).await;
    }
    let value = format!("Job 1 is {state}: it can't be {done}.");
    see(seen, verb, path, &world.ask(verb, &uri).await, 409, &value);
}

pub(super) async fn a_vault_that_refuses_us_has_no_plan(seen: &mut Seen) {
    let world = World::new().await;
    assert_eq!(world.send(upload(FILE)).await.status, 200);
    world.vault_says(Says::Error(|| VaultError::CredentialsRefused));
    let request = authorized(TestRequest::get().uri(&format!("{JOBS}/1/plan")));
    let path = "/v1/paymentMethodImport/Stripe/jobs/{id}/plan";
    see(seen, "GET", path, &world.send(request).await, 502, REFUSED);
}
