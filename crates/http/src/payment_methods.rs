//! Payment methods that are there: lists, one, deletion, the default.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use cardlift_core::api_key::Scope;
use cardlift_core::customer::CustomerId;
use cardlift_core::instrument::InstrumentKind;
use cardlift_core::payment_method::{PaymentMethod, PaymentMethodId};
use cardlift_core::ports::PaymentMethodFilter;
use cardlift_core::use_cases::ListPaymentMethods;
use utoipa::openapi::Required;

use crate::body::{Fields, Members};
use crate::call::Call;
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

const CARDS: Option<InstrumentKind> = Some(InstrumentKind::Card);
const BANK_ACCOUNTS: Option<InstrumentKind> = Some(InstrumentKind::BankAccount);

/// What is said of the id of one.
const ITS_ID: &str = "The payment method's id.";

const ONE_CARD: &str = "/v1/paymentMethods/{id}/creditCard";
const ONE_BANK_ACCOUNT: &str = "/v1/paymentMethods/{id}/achCard";

/// The operations on one payment method.
pub(crate) const OF_ONE: [&str; 5] =
    ["readCard", "readBankAccount", "makeDefault", "deleteCard", "deleteBankAccount"];

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let lists = [
        lists("/v1/customers/{id}/paymentMethods/all", "listPaymentMethods", None)
            .does("Lists a customer's payment methods"),
        lists("/v1/customers/{id}/paymentMethods/creditCard", "listCards", CARDS)
            .does("Lists a customer's cards"),
        lists("/v1/customers/{id}/paymentMethods/achCard", "listBankAccounts", BANK_ACCOUNTS)
            .does("Lists a customer's bank accounts"),
        lists("/v1/customers/{id}/paymentMethods", "listPaymentMethodsFormerly", None)
            .does("Lists a customer's payment methods, where older clients look"),
        lists("/v1/customers/{id}/CreditCards", "listCardsFormerly", CARDS)
            .does("Lists a customer's cards, where older clients look"),
    ];
    let of_one = [
        reads(ONE_CARD, "readCard", InstrumentKind::Card).does("Reads a card"),
        reads(ONE_BANK_ACCOUNT, "readBankAccount", InstrumentKind::BankAccount)
            .does("Reads a bank account"),
        deletes(ONE_CARD, "deleteCard", InstrumentKind::Card).does("Deletes a card"),
        deletes(ONE_BANK_ACCOUNT, "deleteBankAccount", InstrumentKind::BankAccount)
            .does("Deletes a bank account"),
    ];
    let all = lists.into_iter().chain(of_one).chain([makes_default()]);
    all.map(|endpoint| endpoint.failing(&[404])).collect()
}

fn lists(path: &'static str, id: &'static str, kind: Option<InstrumentKind>) -> Endpoint {
    Endpoint::at(Method::GET, path, id)
        .for_scope(Scope::Read, move |call| list(call, kind))
        .takes([schema::id_in_path("The customer's id.")])
        .takes(list::parameters(SORTABLE))
        .lists::<PaymentMethodObject>("A page of payment methods.")
}

fn reads(path: &'static str, id: &'static str, kind: InstrumentKind) -> Endpoint {
    Endpoint::at(Method::GET, path, id)
        .for_scope(Scope::Read, move |call| read(call, kind))
        .takes([schema::id_in_path(ITS_ID)])
        .answers::<PaymentMethodObject>("The payment method.")
}

fn deletes(path: &'static str, id: &'static str, kind: InstrumentKind) -> Endpoint {
    Endpoint::at(Method::DELETE, path, id)
        .for_scope(Scope::Manage, move |call| delete(call, kind))
        .takes([schema::id_in_path(ITS_ID)])
        .explained("A default can't be deleted while the customer has others: 400.")
        .succeeds(Success::Nothing(204, "It is deleted."))
}

fn makes_default() -> Endpoint {
    let id = schema::in_query("id", schema::number(), ITS_ID);
    let customer = schema::in_query("customerId", schema::number(), "The customer's id.");
    let kind = schema::in_query(
        "type",
        schema::one_of([CARD, BANK_ACCOUNT]),
        "The payment method's kind, which older clients name instead of the customer.",
    );
    let path = "/v1/paymentMethods/makeDefault";
    Endpoint::at(Method::POST, path, "makeDefault")
        .for_scope(Scope::Manage, make_default)
        .does("Makes a payment method its customer's default")
        .explained("Either customerId or type is needed. A body is not looked at.")
        .takes([id.required(Required::True).build(), customer.build(), kind.build()])
        .answers::<PaymentMethodObject>("The payment method.")
}

async fn list(call: Call, kind: Option<InstrumentKind>) -> Result<HttpResponse, ApiError> {
    let Call { request, api, principal, .. } = call;
    let customer: CustomerId = path::id(&request)?;
    let query = Members::of_query(request.query_string());
    let query = ListQuery::parse(&query, SORTABLE).map_err(ApiError::Fields)?;
    // In the order they were made, which is the order of their ids.
    let filter = PaymentMethodFilter { customer, kind };
    let (account, order, page) = (principal.account, query.order, query.page);
    let page =
        api.payment_methods.list(ListPaymentMethods { account, filter, order, page }).await?;
    Ok(query.answer::<PaymentMethod, PaymentMethodObject>(page))
}

async fn read(call: Call, kind: InstrumentKind) -> Result<Reply, ApiError> {
    let Call { request, api, principal, .. } = call;
    let found = api.payment_methods.find(principal.account, path::id(&request)?, kind).await?;
    Ok(Reply::json(StatusCode::OK, &PaymentMethodObject::from(&found)))
}

async fn delete(call: Call, kind: InstrumentKind) -> Result<HttpResponse, ApiError> {
    let Call { request, api, principal, .. } = call;
    let id: PaymentMethodId = path::id(&request)?;
    api.payment_methods.delete(principal, id, kind).await?;
    tracing::info!(payment_method = id.get(), "deleted a payment method");
    Ok(HttpResponse::NoContent().finish())
}

/// The customer is named, or, as older clients do, the kind is.
async fn make_default(Call { request, api, principal, .. }: Call) -> Result<Reply, ApiError> {
    let account = principal.account;
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
    Ok(Reply::json(StatusCode::OK, &PaymentMethodObject::from(&chosen)))
}
