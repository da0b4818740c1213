//! GET /v1/paymentMethodImport/Stripe/jobs/{id}/events: how a job goes on, as server-sent events
//! (<https://html.spec.whatwg.org/multipage/server-sent-events.html>).

use std::future::ready;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use bytes::Bytes;
use cardlift_core::api_key::Scope;
use cardlift_core::job::{Job, JobState, Pace, Speed};
use cardlift_core::use_cases::ImportJobs;
use futures_util::{Stream, StreamExt as _, stream};
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::object::JobObject;
use super::pieces;
use crate::authorization::PresentedKey;
use crate::call::Call;
use crate::endpoint::{Endpoint, Success};
use crate::error::ApiError;
use crate::openapi::schema;
use crate::path;
use crate::stopping::Stopping;

/// How often the job is looked at.
const INTERVAL: Duration = Duration::from_secs(1);

/// After so long without an event something is sent all the same, so that nobody between takes the
/// connection for dead.
const SILENCE: Duration = Duration::from_secs(15);

/// A comment, which clients pass over.
const HEARTBEAT: &str = ":\n\n";

/// Keeps nginx, and who does as it does, from holding events back.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

pub(super) fn endpoint() -> Endpoint {
    let path = "/v1/paymentMethodImport/Stripe/jobs/{id}/events";
    Endpoint::at(Method::GET, path, "watchJob")
        .for_scope(Scope::Read, events)
        .does("Tells how a job goes on")
        .explained(
            "Server-sent events: `progress` with the job, at once and whenever it changed; `pace` with \
             `rowsPerSecond` and `callsPerSecond` of the last 15 seconds, and `secondsLeft` at that; \
             `end` with the job where it is finished, paused, cancelled or undone, after which the answer ends. \
             One that ends without it is to be asked for again: the server was told to stop. It breaks off \
             where the key is good no more.",
        )
        .takes([schema::id_in_path("The job's id.")])
        .failing(&[404])
        .telling(&["Cache-Control", "X-Accel-Buffering"])
        .succeeds(Success::File("The events.", &["text/event-stream"]))
}

async fn events(call: Call) -> Result<HttpResponse, ApiError> {
    let key = call.presented_key()?;
    let Call { request, api, principal, .. } = call;
    let job = api.import_jobs.find(principal.account, path::id(&request)?).await?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((X_ACCEL_BUFFERING, "no"));
    Ok(pieces::answer(response, watch(api.import_jobs.clone(), api.stopping.clone(), key, job)))
}

/// A job that somebody watches.
struct Watching {
    jobs: ImportJobs,
    stopping: Stopping,
    /// The key of whoever watches.
    key: PresentedKey,
    /// The job as it was last told.
    told: Job,
    /// How it went on until it was last looked at.
    pace: Pace,
}

/// What is told of a job, from where it stands on.
fn watch(
    jobs: ImportJobs,
    stopping: Stopping,
    key: PresentedKey,
    job: Job,
) -> impl Stream<Item = Result<Bytes, ApiError>> {
    let first = stream::once(ready(Ok(told(&job, None))));
    let mut pace = Pace::default();
    pace.note(now(), &job);
    let watching = Watching { jobs, stopping, key, told: job, pace };
    first.chain(stream::try_unfold(watching, Watching::next))
}

impl Watching {
    /// What is told next, once there is something; nothing where nothing more comes, or the server
    /// is to stop: it would wait for the end of the answer.
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, ApiError> {
        if is_at_rest(self.told.state) {
            return Ok(None);
        }
        let mut silent = Duration::ZERO;
        while silent < SILENCE {
            tokio::select! {
                () = self.stopping.told() => return Ok(None),
                () = sleep(INTERVAL) => {}
            }
            silent += INTERVAL;
            self.key.still_good().await?;
            let job = self.jobs.find(self.told.account, self.told.id).await?;
            self.pace.note(now(), &job);
            if job != self.told {
                let told = told(&job, Some(&self.pace));
                self.told = job;
                return Ok(Some((told, self)));
            }
        }
        Ok(Some((Bytes::from_static(HEARTBEAT.as_bytes()), self)))
    }
}

/// Now, by the clock that sleeping goes by.
fn now() -> std::time::Instant {
    Instant::now().into_std()
}

/// Where a job does not go on by itself.
const fn is_at_rest(state: JobState) -> bool {
    matches!(state, JobState::Finished | JobState::Paused | JobState::Cancelled | JobState::Undone)
}

fn told(job: &Job, pace: Option<&Pace>) -> Bytes {
    // A job has no keys but text, and no numbers that JSON lacks: it can be written.
    let object = serde_json::to_string(&JobObject::from(job)).unwrap_or_default();
    let event = |name, data: &str| format!("event: {name}\ndata: {data}\n\n");
    let mut events = event("progress", &object);
    if let Some(speed) = pace.and_then(Pace::speed) {
        events += &event("pace", &told_pace(speed, job.pending()).to_string());
    }
    if is_at_rest(job.state) {
        events += &event("end", &object);
    }
    events.into()
}

/// How fast it goes on, and how long the rest takes at that; `null` where nothing goes on.
fn told_pace(speed: Speed, pending: u64) -> serde_json::Value {
    json!({
        "rowsPerSecond": speed.rows,
        "callsPerSecond": speed.calls,
        "secondsLeft": speed.time_for(pending).map(|time| time.as_secs_f64()),
    })
}
