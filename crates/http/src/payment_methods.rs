//! Payment methods that are there: lists, one, deletion, the default.

use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use cardlift_core::customer::CustomerId;
use cardlift_core::instrument::InstrumentKind;
use cardlift_core::payment_method::{PaymentMethod, PaymentMethodId};
use cardlift_core::ports::PaymentMethodFilter;
use cardlift_core::use_cases::ListPaymentMethods;
use utoipa::openapi::Required;

use crate::answer::answer;
use crate::api::Api;
use crate::authorization;
use crate::body::{Fields, Members};
use crate::endpoint::{Endpoint, Success};
use crate::error::ApiError;
use crate::list::{self, ListQuery};
use crate::openapi::schema;
use crate::path;
use crate::payment_method_object::PaymentMethodObject;
use crate::reply::Reply;

/// The kinds as paths and queries name them.
const CARD: &str = "creditCard";
const BANK_ACCOUNT: &str = "achCard";

/// What their lists are sorted by.
const SORTABLE: &[&str] = &["id", "createdTimestamp"];

const ONE_CARD: &str = "/v1/paymentMethods/{id}/creditCard";
const ONE_BANK_ACCOUNT: &str = "/v1/paymentMethods/{id}/achCard";

/// The operations on one payment method.
pub(crate) const OF_ONE: [&str; 5] =
    ["readCard", "readBankAccount", "makeDefault", "deleteCard", "deleteBankAccount"];

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let (get, delete) = (Method::GET, Method::DELETE);
    let lists = [
        Endpoint::new(
            get.clone(),
            "/v1/customers/{id}/paymentMethods/all",
            "listPaymentMethods",
            list_all,
        )
        .does("Lists a customer's payment methods"),
        Endpoint::new(
            get.clone(),
            "/v1/customers/{id}/paymentMethods/creditCard",
            "listCards",
            list_cards,
        )
        .does("Lists a customer's cards"),
        Endpoint::new(
            get.clone(),
            "/v1/customers/{id}/paymentMethods/achCard",
            "listBankAccounts",
            list_bank_accounts,
        )
        .does("Lists a customer's bank accounts"),
        Endpoint::new(
            get.clone(),
            "/v1/customers/{id}/paymentMethods",
            "listPaymentMethodsFormerly",
            list_all,
        )
        .does("Lists a customer's payment methods, where older clients look"),
        Endpoint::new(
            get.clone(),
            "/v1/customers/{id}/CreditCards",
            "listCardsFormerly",
            list_cards,
        )
        .does("Lists a customer's cards, where older clients look"),
    ];
    let reads = [
        Endpoint::new(get.clone(), ONE_CARD, "readCard", read_card).does("Reads a card"),
        Endpoint::new(get, ONE_BANK_ACCOUNT, "readBankAccount", read_bank_account)
            .does("Reads a bank account"),
    ];
    let deletions = [
        Endpoint::new(delete.clone(), ONE_CARD, "deleteCard", delete_card).does("Deletes a card"),
        Endpoint::new(delete, ONE_BANK_ACCOUNT, "deleteBankAccount", delete_bank_account)
            .does("Deletes a bank account"),
    ];
    let lists = lists.map(|endpoint| {
        endpoint
            .takes([schema::id_in_path("The customer's id.")])
            .takes(list::parameters(SORTABLE))
            .lists::<PaymentMethodObject>("A page of payment methods.")
    });
    let reads =
        reads.map(|endpoint| one(endpoint).answers::<PaymentMethodObject>("The payment method."));
    let deletions = deletions.map(|endpoint| {
        one(endpoint)
            .explained("A default can't be deleted while the customer has others: 400.")
            .succeeds(Success::Nothing(204, "It is deleted."))
    });
    let all = lists.into_iter().chain(reads).chain(deletions).chain([make_default_endpoint()]);
    all.map(|endpoint| endpoint.keyed().failing(&[404])).collect()
}

fn one(endpoint: Endpoint) -> Endpoint {
    endpoint.takes([schema::id_in_path("The payment method's id.")])
}

fn make_default_endpoint() -> Endpoint {
    let id = schema::in_query("id", schema::number(), "The payment method's id.");
    let customer = schema::in_query("customerId", schema::number(), "The customer's id.");
    let kind = schema::in_query(
        "type",
        schema::one_of([CARD, BANK_ACCOUNT]),
        "The payment method's kind, which older clients name instead of the customer.",
    );
    let path = "/v1/paymentMethods/makeDefault";
    Endpoint::new(Method::POST, path, "makeDefault", make_default)
        .does("Makes a payment method its customer's default")
        .explained("Either customerId or type is needed. A body is not looked at.")
        .takes([id.required(Required::True).build(), customer.build(), kind.build()])
        .answers::<PaymentMethodObject>("The payment method.")
}

async fn list_all(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, list(&request, &api, None).await)
}

async fn list_cards(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, list(&request, &api, Some(InstrumentKind::Card)).await)
}

async fn list_bank_accounts(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, list(&request, &api, Some(InstrumentKind::BankAccount)).await)
}

async fn read_card(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, read(&request, &api, InstrumentKind::Card).await)
}

async fn read_bank_account(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, read(&request, &api, InstrumentKind::BankAccount).await)
}

async fn delete_card(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, delete(&request, &api, InstrumentKind::Card).await)
}

async fn delete_bank_account(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    answer(&request, delete(&request, &api, InstrumentKind::BankAccount).await)
}

async fn make_default(request: HttpRequest, api: Data<Api>) -> HttpResponse {
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
    let query = ListQuery::parse(&query, SORTABLE).map_err(ApiError::Fields)?;
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
