//! Customers: create, read, replace, list.

mod object;
mod query;
mod request;

use actix_web::http::{Method, StatusCode};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use cardlift_core::customer::{Customer, CustomerField};

use self::object::CustomerObject;
use crate::answer::answer;
use crate::api::Api;
use crate::authorization;
use crate::body::{self, Members};
use crate::endpoint::Endpoint;
use crate::error::ApiError;
use crate::idempotency::{self, Guarded};
use crate::list::{self, ListQuery};
use crate::openapi::schema;
use crate::path;
use crate::reply::Reply;

const ALL: &str = "/v1/customers";

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Method::GET, ALL, "listCustomers", list)
            .does("Lists, searches and sorts customers")
            .keyed()
            .takes(list::parameters(&CustomerField::NAMES))
            .takes([query::parameter()])
            .lists::<CustomerObject>("A page of customers."),
        Endpoint::new(Method::POST, ALL, "createCustomer", create)
            .does("Creates a customer")
            .keyed()
            .reads(request::new_body())
            .idempotent()
            .failing(&[404])
            .leads_to(&["readCustomer", "listPaymentMethods"])
            .answers::<CustomerObject>("The customer."),
        Endpoint::new(Method::PUT, ALL, "replaceCustomer", replace)
            .does("Replaces a customer")
            .explained("What is left out becomes null.")
            .keyed()
            .reads(request::replacement_body())
            .failing(&[404])
            .answers::<CustomerObject>("The customer."),
        Endpoint::new(Method::GET, "/v1/customers/{id}", "readCustomer", read)
            .does("Reads a customer")
            .keyed()
            .takes([schema::id_in_path("The customer's id.")])
            .failing(&[404])
            .answers::<CustomerObject>("The customer."),
    ]
}

async fn create(request: HttpRequest, payload: Payload, api: Data<Api>) -> HttpResponse {
    answer(&request, add(&request, payload, &api).await)
}

async fn read(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, find(&request, &api).await)
}

async fn replace(request: HttpRequest, payload: Payload, api: Data<Api>) -> HttpResponse {
    answer(&request, change(&request, payload, &api).await)
}

async fn list(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, search(&request, &api).await)
}

/// A customer of whom nothing is known is one, too.
async fn add(request: &HttpRequest, payload: Payload, api: &Data<Api>) -> Result<Reply, ApiError> {
    let account = authorization::principal(request, api).await?.account;
    let key = idempotency::key(request)?;
    let body = body::read(request, payload).await?;
    let profile = request::new(&Members::parse_or_blank(&body)?)?;
    let guarded = key.map(|key| Guarded::new("create_customer", account, key, &body));
    let work = async move |api: Data<Api>| match api.customers.create(account, &profile).await {
        Ok(customer) => {
            tracing::info!(customer = customer.id.get(), "created a customer");
            Reply::json(StatusCode::OK, &CustomerObject::from(customer))
        }
        Err(error) => ApiError::from(error).reply(),
    };
    idempotency::carry_out(request, api, guarded, work).await
}

async fn find(request: &HttpRequest, api: &Api) -> Result<Reply, ApiError> {
    let account = authorization::principal(request, api).await?.account;
    let found = api.customers.find(account, path::id(request)?).await?;
    Ok(Reply::json(StatusCode::OK, &CustomerObject::from(found)))
}

async fn change(
    request: &HttpRequest,
    payload: Payload,
    api: &Data<Api>,
) -> Result<Reply, ApiError> {
    let account = authorization::principal(request, api).await?.account;
    let body = body::read(request, payload).await?;
    let replaced = request::replacement(&Members::parse(&body)?, account)?;
    let customer = api.customers.replace(replaced).await?;
    tracing::info!(customer = customer.id.get(), "replaced a customer");
    Ok(Reply::json(StatusCode::OK, &CustomerObject::from(customer)))
}

async fn search(request: &HttpRequest, api: &Api) -> Result<HttpResponse, ApiError> {
    let account = authorization::principal(request, api).await?.account;
    let members = Members::of_query(request.query_string());
    let list = ListQuery::parse(&members, &CustomerField::NAMES);
    let filters = query::parse(&members);
    let (list, filters) = match (list, filters) {
        (Ok(list), Ok(filters)) => (list, filters),
        (list, filters) => {
            let problems = list.err().into_iter().chain(filters.err()).flatten();
            return Err(ApiError::Fields(problems.collect()));
        }
    };
    let query = query::customers(filters, list);
    let page = api.customers.search(account, &query, list.page).await?;
    Ok(list.answer::<Customer, CustomerObject>(page))
}
