//! What a customer pays with: one, and lists.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::query::{Page, Query};
use super::{State, answer};
use crate::data::{Customer, Holding, Kind};
use crate::objects::{ApiError, List, PaymentMethod, Source};

/// GET `/v1/customers/{customer}/sources/{id}`.
pub(super) async fn one(state: Data<State>, ids: Path<(String, String)>) -> HttpResponse {
    let (customer, id) = ids.into_inner();
    let owner = match existing(&state, &customer) {
        Ok(owner) => owner,
        Err(error) => return answer::error(&error),
    };
    let holding = owner.holding(&id).filter(|holding| holding.kind != Kind::PaymentMethod);
    answer::result(holding.map(Source).ok_or(ApiError::NoSuchSource(id)))
}

/// GET `/v1/customers/{customer}/payment_methods/{id}`.
pub(super) async fn method(state: Data<State>, ids: Path<(String, String)>) -> HttpResponse {
    let (customer, id) = ids.into_inner();
    match existing(&state, &customer) {
        Ok(owner) => payment_method(Some(&owner), id),
        Err(error) => answer::error(&error),
    }
}

/// GET `/v1/payment_methods/{id}`.
pub(super) async fn any_method(state: Data<State>, id: Path<String>) -> HttpResponse {
    payment_method(state.vault.owner(&id).as_ref(), id.into_inner())
}

fn payment_method(owner: Option<&Customer>, id: String) -> HttpResponse {
    let holding = owner.and_then(|owner| owner.holding(&id));
    let card = holding.filter(|holding| holding.kind.is_card());
    answer::result(card.map(PaymentMethod).ok_or(ApiError::NoSuchPaymentMethod(id)))
}

/// GET `/v1/customers/{customer}/sources`.
pub(super) async fn list(
    state: Data<State>,
    customer: Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let asked = existing(&state, &customer)
        .and_then(|owner| Ok((owner, Query::parse(request.query_string())?)));
    let (owner, query) = match asked {
        Ok(asked) => asked,
        Err(error) => return answer::error(&error),
    };
    let wanted = query.get("object");
    let named = |held: &&Holding| wanted.is_none_or(|object| object == held.kind.object());
    let held: Vec<_> = owner.sources().filter(named).collect();
    answer::result(page(&query, format!("/v1/customers/{customer}/sources"), &held, Source))
}

/// GET `/v1/customers/{customer}/payment_methods`.
pub(super) async fn methods(
    state: Data<State>,
    customer: Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let asked = existing(&state, &customer)
        .and_then(|owner| Ok((owner, Query::parse(request.query_string())?)));
    let (owner, query) = match asked {
        Ok(asked) => asked,
        Err(error) => return answer::error(&error),
    };
    let held: Vec<_> = owner.cards().collect();
    let url = format!("/v1/customers/{customer}/payment_methods");
    answer::result(page(&query, url, &held, PaymentMethod))
}

fn existing(state: &State, id: &str) -> Result<Customer, ApiError> {
    let customer = state.vault.customer(id).filter(|customer| !customer.deleted);
    customer.ok_or_else(|| ApiError::NoSuchCustomer(id.to_owned()))
}

fn page<'a, T>(
    query: &Query,
    url: String,
    held: &[&'a Holding],
    object: impl Fn(&'a Holding) -> T,
) -> Result<List<T>, ApiError> {
    let position = |id: &str| held.iter().position(|holding| holding.id == id);
    let Page { from, to } = query.page(held.len(), position)?;
    let data = held.get(from..to).unwrap_or_default().iter().map(|held| object(held)).collect();
    Ok(List::new(url, data, to < held.len()))
}
