//! Payment methods that are there: lists, one, deletion, the default.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use cardlift_core::customer::CustomerId;
use cardlift_core::instrument::InstrumentKind;
use cardlift_core::payment_method::{PaymentMethod, PaymentMethodId};
use cardlift_core::ports::PaymentMethodFilter;
use cardlift_core::use_cases::ListPaymentMethods;

use crate::answer::answer;
use crate::api::Api;
use crate::authorization;
use crate::body::{Fields, Members};
use crate::error::ApiError;
use crate::list::ListQuery;
use crate::path;
use crate::payment_method_object::PaymentMethodObject;
use crate::reply::Reply;

/// The kinds as paths and queries name them.
const CARD: &str = "creditCard";
const BANK_ACCOUNT: &str = "achCard";

pub(crate) async fn list_all(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, list(&request, &api, None).await)
}

pub(crate) async fn list_cards(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, list(&request, &api, Some(InstrumentKind::Card)).await)
}

pub(crate) async fn list_bank_accounts(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, list(&request, &api, Some(InstrumentKind::BankAccount)).await)
}

pub(crate) async fn read_card(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, read(&request, &api, InstrumentKind::Card).await)
}

pub(crate) async fn read_bank_account(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, read(&request, &api, InstrumentKind::BankAccount).await)
}

pub(crate) async fn delete_card(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, delete(&request, &api, InstrumentKind::Card).await)
}

pub(crate) async fn delete_bank_account(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, delete(&request, &api, InstrumentKind::BankAccount).await)
}

pub(crate) async fn make_default(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, choose(&request, &api).await)
}

async fn list(
    request: &HttpRequest,
    api: &Api,
    kind: Option<InstrumentKind>,
) -> Result<HttpResponse, ApiError> {
    let account = authorization::principal(request, api).await?.account;
    let customer: CustomerId = path::id(request)?;
    let query = Members::of_query(request.query_string());
    let query = ListQuery::parse(&query, &["id", "createdTimestamp"]).map_err(ApiError::Fields)?;
    // In the order they were made, which is the order of their ids.
    let filter = PaymentMethodFilter { customer, kind };
    let list = ListPaymentMethods { account, filter, order: query.order, page: query.page };
    let page = api.payment_methods.list(list).await?;
    Ok(query.answer::<PaymentMethod, PaymentMethodObject>(page))
}

async fn read(
    request: &HttpRequest,
    api: &Api,
    kind: InstrumentKind,
) -> Result<HttpResponse, ApiError> {
    let account = authorization::principal(request, api).await?.account;
    let found = api.payment_methods.find(account, path::id(request)?, kind).await?;
    Ok(Reply::json(StatusCode::OK, &PaymentMethodObject::from(&found)).into())
}

async fn delete(
    request: &HttpRequest,
    api: &Api,
    kind: InstrumentKind,
) -> Result<HttpResponse, ApiError> {
    let principal = authorization::principal(request, api).await?;
    let id: PaymentMethodId = path::id(request)?;
    api.payment_methods.delete(principal, id, kind).await?;
    tracing::info!(payment_method = id.get(), "deleted a payment method");
    Ok(HttpResponse::NoContent().finish())
}

/// The customer is named, or, as older clients do, the kind is.
async fn choose(request: &HttpRequest, api: &Api) -> Result<HttpResponse, ApiError> {
    let account = authorization::principal(request, api).await?.account;
    let query = Members::of_query(request.query_string());
    let mut fields = Fields::new(&query);
    let id = fields.id::<PaymentMethodId>("id");
    let by_kind = !query.holds("customerId") && query.holds("type");
    let (customer, kind) = if by_kind {
        (Some(None), fields.one_of("type", &[CARD, BANK_ACCOUNT]).map(Some))
    } else {
        (fields.id::<CustomerId>("customerId").map(Some), Some(None))
    };
    let taken = (|| Some((id?, customer?, kind?)))();
    let (id, customer, kind) = fields.finish(taken).map_err(ApiError::Fields)?;
    if let Some(kind) = kind {
        let kind = if kind == CARD { InstrumentKind::Card } else { InstrumentKind::BankAccount };
        api.payment_methods.find(account, id, kind).await?;
    }
    let chosen = api.payment_methods.make_default(account, id, customer).await?;
    tracing::info!(payment_method = id.get(), "made a payment method the default");
    Ok(Reply::json(StatusCode::OK, &PaymentMethodObject::from(&chosen)).into())
}
