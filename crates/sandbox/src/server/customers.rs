//! Customers: one, and a list.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::query::{Page, Query};
use super::{State, answer};
use crate::objects::{self, ApiError};

/// GET /v1/customers.
pub(super) async fn list(state: Data<State>, request: HttpRequest) -> HttpResponse {
    answer::result(page(&state, request.query_string()))
}

/// GET /v1/customers/{customer}.
pub(super) async fn one(
    state: Data<State>,
    id: Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let found = || {
        let expand = Query::parse(request.query_string())?.expand("");
        let customer = state.vault.customer(&id).ok_or(ApiError::NoSuchCustomer(id.clone()))?;
        Ok(objects::customer(&customer, &expand))
    };
    answer::result(found())
}

/// A page of the customers made between two instants. Deleted ones are not listed.
fn page(state: &State, query: &str) -> Result<Value, ApiError> {
    let query = Query::parse(query)?;
    let expand = query.expand("data.");
    let vault = &state.vault;
    let lte = match (query.created("lte")?, query.created("lt")?) {
        (Some(lte), _) => Some(lte),
        (None, lt) => lt.map(|lt| lt - 1),
    };
    let gte = match (query.created("gte")?, query.created("gt")?) {
        (Some(gte), _) => Some(gte),
        (None, gt) => gt.map(|gt| gt + 1),
    };
    let first = lte.map_or(0, |lte| vault.first_not_after(lte));
    let end = gte.map_or(vault.len(), |gte| vault.first_not_after(gte - 1));
    let Page { from, to } = query.page(end, |id| vault.position(id))?;
    let limit = to - from.min(to);
    let from = from.max(first);
    let to = end.min(from + limit);
    let customers = (from..to).filter_map(|position| vault.at(position));
    let listed = customers.filter(|customer| !customer.deleted);
    let data = listed.map(|customer| objects::customer(&customer, &expand)).collect::<Vec<_>>();
    Ok(objects::list("/v1/customers", &data, to < end))
}
