//! GET /v1/paymentMethodImport/Stripe/jobs, and one of them.

use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use cardlift_core::job::Job;

use super::object::JobObject;
use crate::answer::answer;
use crate::api::Api;
use crate::authorization;
use crate::body::Members;
use crate::endpoint::Endpoint;
use crate::error::ApiError;
use crate::list::{self, ListQuery};
use crate::openapi::schema;
use crate::path;
use crate::reply::Reply;

const SORTABLE: &[&str] = &["id"];

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::GET, "/v1/paymentMethodImport/Stripe/jobs", "listJobs", list)
            .does("Lists the jobs, those of the connected account as well")
            .keyed()
            .takes(list::parameters(SORTABLE))
            .lists::<JobObject>("A page of jobs."),
        Endpoint::new(Method::GET, "/v1/paymentMethodImport/Stripe/jobs/{id}", "readJob", read)
            .does("Reads a job")
            .keyed()
            .takes([schema::id_in_path("The job's id.")])
            .failing(&[404])
            .answers::<JobObject>("The job."),
    ]
}

async fn list(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, page(&request, &api).await)
}

async fn read(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, find(&request, &api).await)
}

async fn page(request: &HttpRequest, api: &Api) -> Result<HttpResponse, ApiError> {
    let account = authorization::principal(request, api).await?.account;
    let query = Members::of_query(request.query_string());
    let query = ListQuery::parse(&query, SORTABLE).map_err(ApiError::Fields)?;
    let page = api.import_jobs.list(account, query.order, query.page).await?;
    Ok(query.answer::<Job, JobObject>(page))
}

async fn find(request: &HttpRequest, api: &Api) -> Result<Reply, ApiError> {
    let account = authorization::principal(request, api).await?.account;
    let job = api.import_jobs.find(account, path::id(request)?).await?;
    Ok(Reply::json(StatusCode::OK, &JobObject::from(job)))
}
