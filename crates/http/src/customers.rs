//! Customers: create, read, replace, list.

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod object;
mod query;
mod request;

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use cardlift_core::api_key::Scope;
use cardlift_core::customer::{Customer, CustomerField, CustomerQuery};

use self::object::CustomerObject;
use crate::api::Api;
use crate::body::{self, Members};
use crate::call::Call;
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
        Endpoint::at(Method::GET, ALL, "listCustomers")
            .for_scope(Scope::Read, list)
            .does("Lists, searches and sorts customers")
            .takes(list::parameters(&CustomerField::NAMES))
            .takes([query::parameter()])
            .lists::<CustomerObject>("A page of customers."),
        Endpoint::at(Method::POST, ALL, "createCustomer")
            .for_scope(Scope::Manage, create)
            .does("Creates a customer")
            .reads(request::new_body())
            .idempotent()
            .failing(&[404])
            .leads_to(&["readCustomer", "listPaymentMethods"])
            .answers::<CustomerObject>("The customer."),
        Endpoint::at(Method::PUT, ALL, "replaceCustomer")
            .for_scope(Scope::Manage, replace)
            .does("Replaces a customer")
            .explained("What is left out becomes null.")
            .reads(request::replacement_body())
            .failing(&[404])
            .answers::<CustomerObject>("The customer."),
        Endpoint::at(Method::GET, "/v1/customers/{id}", "readCustomer")
            .for_scope(Scope::Read, read)
            .does("Reads a customer")
            .takes([schema::id_in_path("The customer's id.")])
            .failing(&[404])
            .answers::<CustomerObject>("The customer."),
    ]
}

/// A customer of whom nothing is known is one, too.
async fn create(call: Call) -> Result<Reply, ApiError> {
    let Call { request, payload, api, principal, .. } = call;
    let account = principal.account;
    let key = idempotency::key(&request)?;
    let body = body::read(&request, payload).await?;
    let profile = request::new(&Members::parse_or_blank(&body)?)?;
    let guarded = key.map(|key| Guarded::new("create_customer", account, key, &body));
    let work = async move |api: Data<Api>| match api.customers.create(account, &profile).await {
        Ok(customer) => {
            tracing::info!(customer = customer.id.get(), "created a customer");
            Reply::json(StatusCode::OK, &CustomerObject::from(customer))
        }
        Err(error) => ApiError::from(error).reply(),
    };
    idempotency::carry_out(&request, &api, guarded, work).await
}

async fn read(Call { request, api, principal, .. }: Call) -> Result<Reply, ApiError> {
    let found = api.customers.find(principal.account, path::id(&request)?).await?;
    Ok(Reply::json(StatusCode::OK, &CustomerObject::from(found)))
}

async fn replace(call: Call) -> Result<Reply, ApiError> {
    let Call { request, payload, api, principal, .. } = call;
    let body = body::read(&request, payload).await?;
    let replaced = request::replacement(&Members::parse(&body)?, principal.account)?;
    let customer = api.customers.replace(replaced).await?;
    tracing::info!(customer = customer.id.get(), "replaced a customer");
    Ok(Reply::json(StatusCode::OK, &CustomerObject::from(customer)))
}

async fn list(Call { request, api, principal, .. }: Call) -> Result<HttpResponse, ApiError> {
    let (query, list) = asked(request.query_string())?;
    let page = api.customers.search(principal.account, &query, list.page).await?;
    Ok(list.answer::<Customer, CustomerObject>(page))
}

/// What a query asks for, or everything that is wrong with it.
fn asked(query: &str) -> Result<(CustomerQuery, ListQuery), ApiError> {
    let members = Members::of_query(query);
    let list = ListQuery::parse(&members, &CustomerField::NAMES);
    match (list, query::parse(&members)) {
        (Ok(list), Ok(filters)) => Ok((query::customers(filters, list), list)),
        (list, filters) => {
            let problems = list.err().into_iter().chain(filters.err()).flatten();
            Err(ApiError::Fields(problems.collect()))
        }
    }
}
