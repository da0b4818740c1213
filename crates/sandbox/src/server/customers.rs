//! Customers: one, and a list.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::query::{Page, Query};
use super::{State, answer};
use crate::data::Customer;
use crate::objects::{ApiError, CustomerObject, Expanded, List};

/// GET /v1/customers.
pub(super) async fn list(state: Data<State>, request: HttpRequest) -> HttpResponse {
    let (page, expanded) = match page(&state, request.query_string()) {
        Ok(page) => page,
        Err(error) => return answer::error(&error),
    };
    state.journal.listed(page.customers.iter().map(|customer| customer.id.as_str()));
    let object = |customer| CustomerObject { customer, expanded };
    let data = page.customers.iter().map(object).collect();
    answer::object(&List::new("/v1/customers".to_owned(), data, page.more))
}

/// GET /v1/customers/{customer}.
pub(super) async fn one(
    state: Data<State>,
    id: Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let expanded = match Query::parse(request.query_string()) {
        Ok(query) => Expanded::of(&query.expand("")),
        Err(error) => return answer::error(&error),
    };
    let customer = state.vault.customer(&id).ok_or(ApiError::NoSuchCustomer(id.into_inner()));
    match customer {
        Ok(customer) => answer::object(&CustomerObject { customer: &customer, expanded }),
        Err(error) => answer::error(&error),
    }
}

/// Customers, and whether there are more after them.
struct Customers {
    customers: Vec<Customer>,
    more: bool,
}

/// A page of the customers made between two instants. Deleted ones are not listed.
fn page(state: &State, query: &str) -> Result<(Customers, Expanded), ApiError> {
    let query = Query::parse(query)?;
    let expanded = Expanded::of(&query.expand("data."));
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
    let customers = customers.filter(|customer| !customer.deleted).collect();
    Ok((Customers { customers, more: to < end }, expanded))
}
