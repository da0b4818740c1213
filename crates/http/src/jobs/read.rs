//! GET /v1/paymentMethodImport/Stripe/jobs, and one of them.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use cardlift_core::api_key::Scope;
use cardlift_core::job::Job;

use super::object::JobObject;
use crate::body::Members;
use crate::call::Call;
use crate::endpoint::Endpoint;
use crate::error::ApiError;
use crate::list::{self, ListQuery};
use crate::openapi::schema;
use crate::path;
use crate::reply::Reply;

const SORTABLE: &[&str] = &["id"];

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at(Method::GET, "/v1/paymentMethodImport/Stripe/jobs", "listJobs")
            .for_scope(Scope::Read, list)
            .does("Lists the jobs, those of the connected account as well")
            .takes(list::parameters(SORTABLE))
            .lists::<JobObject>("A page of jobs."),
        Endpoint::at(Method::GET, "/v1/paymentMethodImport/Stripe/jobs/{id}", "readJob")
            .for_scope(Scope::Read, read)
            .does("Reads a job")
            .takes([schema::id_in_path("The job's id.")])
            .failing(&[404])
            .answers::<JobObject>("The job."),
    ]
}

async fn list(Call { request, api, principal, .. }: Call) -> Result<HttpResponse, ApiError> {
    let query = Members::of_query(request.query_string());
    let query = ListQuery::parse(&query, SORTABLE).map_err(ApiError::Fields)?;
    let page = api.import_jobs.list(principal.account, query.order, query.page).await?;
    Ok(query.answer::<Job, JobObject>(page))
}

async fn read(Call { request, api, principal, .. }: Call) -> Result<Reply, ApiError> {
    let job = api.import_jobs.find(principal.account, path::id(&request)?).await?;
    Ok(Reply::json(StatusCode::OK, &JobObject::from(job)))
}
