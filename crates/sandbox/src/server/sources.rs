//! What a customer pays with: one, and lists.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::query::{Page, Query};
use super::{State, answer};
use crate::data::{Customer, Holding, Kind};
use crate::objects::{self, ApiError, as_payment_method, as_source};

/// GET `/v1/customers/{customer}/sources/{id}`.
pub(super) async fn one(state: Data<State>, ids: Path<(String, String)>) -> HttpResponse {
    let (customer, id) = ids.into_inner();
    let found = || {
        let holding = existing(&state, &customer)?.holding(&id);
        let holding = holding.filter(|holding| holding.kind != Kind::PaymentMethod);
        holding.map(|holding| as_source(&holding)).ok_or(ApiError::NoSuchSource(id))
    };
    answer::result(found())
}

/// GET `/v1/customers/{customer}/payment_methods/{id}`.
pub(super) async fn method(state: Data<State>, ids: Path<(String, String)>) -> HttpResponse {
    let (customer, id) = ids.into_inner();
    let found = || {
        let holding = existing(&state, &customer)?.holding(&id);
        let holding = holding.filter(|holding| holding.kind.is_card());
        holding.map(|card| as_payment_method(&card)).ok_or(ApiError::NoSuchPaymentMethod(id))
    };
    answer::result(found())
}

/// GET `/v1/payment_methods/{id}`.
pub(super) async fn any_method(state: Data<State>, id: Path<String>) -> HttpResponse {
    let id = id.into_inner();
    let holding = state.vault.holding(&id).map(|(_, holding)| holding);
    let card = holding.filter(|holding| holding.kind.is_card());
    answer::result(
        card.map(|card| as_payment_method(&card)).ok_or(ApiError::NoSuchPaymentMethod(id)),
    )
}

/// GET `/v1/customers/{customer}/sources`.
pub(super) async fn list(
    state: Data<State>,
    customer: Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let found = || {
        let owner = existing(&state, &customer)?;
        let query = Query::parse(request.query_string())?;
        let wanted = query.get("object");
        let named = |holding: &&Holding| {
            wanted.is_none_or(|object| as_source(holding).get("object") == Some(&object.into()))
        };
        let held: Vec<_> = owner.sources().filter(named).collect();
        page(&query, &format!("/v1/customers/{customer}/sources"), &held, as_source)
    };
    answer::result(found())
}

/// GET `/v1/customers/{customer}/payment_methods`.
pub(super) async fn methods(
    state: Data<State>,
    customer: Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let found = || {
        let owner = existing(&state, &customer)?;
        let query = Query::parse(request.query_string())?;
        let held: Vec<_> = owner.cards().collect();
        let url = format!("/v1/customers/{customer}/payment_methods");
        page(&query, &url, &held, as_payment_method)
    };
    answer::result(found())
}

fn existing(state: &State, id: &str) -> Result<Customer, ApiError> {
    let customer = state.vault.customer(id).filter(|customer| !customer.deleted);
    customer.ok_or_else(|| ApiError::NoSuchCustomer(id.to_owned()))
}

fn page(
    query: &Query,
    url: &str,
    held: &[&Holding],
    render: fn(&Holding) -> Value,
) -> Result<Value, ApiError> {
    let position = |id: &str| held.iter().position(|holding| holding.id == id);
    let Page { from, to } = query.page(held.len(), position)?;
    let data: Vec<_> =
        held.get(from..to).unwrap_or_default().iter().map(|held| render(held)).collect();
    Ok(objects::list(url, &data, to < held.len()))
}
