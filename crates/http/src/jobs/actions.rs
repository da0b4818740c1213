//! POST /v1/paymentMethodImport/Stripe/jobs/{id}/start and its siblings: something is done with a
//! job.

use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use cardlift_core::api_key::Scope;
use cardlift_core::job::{JobAction, JobId};

use super::object::JobObject;
use super::options;
use crate::api::Api;
use crate::body::{Fields, Members};
use crate::call::Call;
use crate::endpoint::Endpoint;
use crate::error::ApiError;
use crate::idempotency;
use crate::openapi::schema;
use crate::path;
use crate::reply::Reply;

pub(super) fn endpoints() -> Vec<Endpoint> {
    let start = JobAction::Start { canary: None };
    let started = endpoint("/v1/paymentMethodImport/Stripe/jobs/{id}/start", "startJob", start)
        .does("Starts a job")
        .explained("One that is ready.")
        .takes([options::canary_parameter().build()]);
    let paused =
        endpoint("/v1/paymentMethodImport/Stripe/jobs/{id}/pause", "pauseJob", JobAction::Pause)
            .does("Pauses a job")
            .explained("One that runs. It can be resumed.");
    let resumed =
        endpoint("/v1/paymentMethodImport/Stripe/jobs/{id}/resume", "resumeJob", JobAction::Resume)
            .does("Resumes a job")
            .explained("One that is paused. It goes on to its end.");
    let cancelled =
        endpoint("/v1/paymentMethodImport/Stripe/jobs/{id}/cancel", "cancelJob", JobAction::Cancel)
            .does("Cancels a job")
            .explained("One that is not at its end. What it imported stays.");
    let retried =
        endpoint("/v1/paymentMethodImport/Stripe/jobs/{id}/retry", "retryJob", JobAction::Retry)
            .does("Tries the rows again that failed")
            .explained(
                "Those of a job that is finished, paused or cancelled, but for rows that can't be \
                 understood, or that an earlier row stands for.",
            );
    let undone =
        endpoint("/v1/paymentMethodImport/Stripe/jobs/{id}/undo", "undoJob", JobAction::Undo)
            .does("Deletes the payment methods that a job brought in")
            .explained(
                "Of a job that is finished, paused or cancelled. What was there before it stays, \
                 and so does one that became its customer's default while there are others.",
            );
    vec![started, paused, resumed, cancelled, retried, undone]
}

fn endpoint(path: &'static str, id: &'static str, action: JobAction) -> Endpoint {
    Endpoint::at(Method::POST, path, id)
        .for_scope(Scope::Import, move |call| act(call, action))
        .takes([schema::id_in_path("The job's id.")])
        .failing(&[404, 409])
        .answers::<JobObject>("The job.")
}

async fn act(call: Call, action: JobAction) -> Result<Reply, ApiError> {
    let Call { request, api, principal, .. } = call;
    let (account, id): (_, JobId) = (principal.account, path::id(&request)?);
    let action = with_canary(action, request.query_string())?;
    let work = async move |api: Data<Api>| match api.import_jobs.act(account, id, action).await {
        Ok(job) => {
            tracing::info!(job = id.get(), done = action.done(), "did something with a job");
            Reply::json(StatusCode::OK, &JobObject::from(job))
        }
        Err(error) => ApiError::from(error).reply(),
    };
    // A retry forgets failures in steps before it begins: it must not stop between them.
    idempotency::carry_out(&request, &api, None, work).await
}

/// The action; where it starts a job, with what the query says of it.
fn with_canary(action: JobAction, query: &str) -> Result<JobAction, ApiError> {
    let JobAction::Start { .. } = action else { return Ok(action) };
    let query = Members::of_query(query);
    let mut fields = Fields::new(&query);
    let canary = options::canary(&mut fields);
    let canary = fields.finish(canary).map_err(ApiError::Fields)?;
    Ok(JobAction::Start { canary })
}
