//! POST /v1/paymentMethodImport/Stripe/jobs and its sibling: a file becomes a job.

use actix_web::http::{Method, StatusCode};
use actix_web::web::{Data, Payload};
use cardlift_core::account::AccountId;
use cardlift_core::api_key::Scope;
use cardlift_core::job::Job;
use cardlift_core::use_cases::{ImportFrom, ImportJobs};
use cardlift_rows::Format;

use super::object::JobObject;
use super::options::Wanted;
use super::receive::Receiving;
use super::{file, options};
use crate::api::Api;
use crate::authorization::PresentedKey;
use crate::call::Call;
use crate::endpoint::Endpoint;
use crate::error::ApiError;
use crate::idempotency;
use crate::reply::Reply;

/// The operations that take the id of a job and answer at once.
const OF_A_JOB: &[&str] = &[
    "readJob",
    "planJob",
    "startJob",
    "pauseJob",
    "resumeJob",
    "cancelJob",
    "retryJob",
    "undoJob",
    "readJobResults",
];

pub(super) fn endpoints() -> Vec<Endpoint> {
    let all = [
        Endpoint::at(Method::POST, "/v1/paymentMethodImport/Stripe/jobs", "createJob")
            .for_scope(Scope::Import, own)
            .does("Makes a job of a file"),
        Endpoint::at(
            Method::POST,
            "/v1/paymentMethodImport/stripeConnect/jobs",
            "createConnectedJob",
        )
        .for_scope(Scope::Import, connected)
        .does("Makes a job of a file, for the connected account"),
    ];
    let finish = |endpoint: Endpoint| {
        endpoint
            .explained(
                "The job waits to be started, unless it is to start by itself. A row that can't be \
                 used is among its results and stops nothing. Where the file breaks off, nothing of \
                 it comes for 30 seconds, or less than 60 KiB in a minute that it is waited for, the \
                 job is cancelled and can't be started; so where the key is good no more. An \
                 Idempotency-Key is not looked at: the same file sent twice makes two jobs.",
            )
            .takes(options::parameters())
            .reads_file(file::body())
            .failing(&[409])
            .leads_to(OF_A_JOB)
            .answers::<JobObject>("The job.")
    };
    all.map(finish).into()
}

/// From the account of the vault that the server's key is of.
async fn own(call: Call) -> Result<Reply, ApiError> {
    upload(call, ImportFrom::OwnAccount).await
}

/// From the connected account.
async fn connected(call: Call) -> Result<Reply, ApiError> {
    upload(call, ImportFrom::ConnectedAccount).await
}

async fn upload(call: Call, from: ImportFrom) -> Result<Reply, ApiError> {
    let key = call.presented_key()?;
    let Call { request, payload, api, principal, .. } = call;
    let account = principal.account;
    let format = file::format_of_body(&request)?;
    let wanted = options::parse(request.query_string(), from)?;
    // A caller who hangs up must not leave a job behind that waits for rows.
    let work = async move |api: Data<Api>| match make(
        &api.import_jobs,
        (account, key),
        wanted,
        (format, payload),
    )
    .await
    {
        Ok(job) => Reply::json(StatusCode::OK, &JobObject::from(job)),
        Err(error) => error.reply(),
    };
    idempotency::carry_out(&request, &api, None, work).await
}

async fn make(
    jobs: &ImportJobs,
    (account, key): (AccountId, PresentedKey),
    wanted: Wanted,
    (format, payload): (Format, Payload),
) -> Result<Job, ApiError> {
    let job = Receiving::new(jobs, (account, key), wanted.job).run(format, payload).await?;
    tracing::info!(job = job.id.get(), rows = job.rows, "made a job");
    let Some(start) = wanted.start else { return Ok(job) };
    let started = jobs.act(account, job.id, start).await?;
    tracing::info!(job = job.id.get(), "started a job");
    Ok(started)
}
