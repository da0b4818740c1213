//! GET and POST /admin/accounts, GET and PATCH one of them.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use cardlift_core::account::{AccountId, AccountName};
use cardlift_core::api_key::Scope;
use cardlift_core::use_cases::AccountDetails;
use serde_json::json;

use super::account_object::AccountObject;
use super::{ACCOUNT_ID, SORTABLE, change};
use crate::api::Api;
use crate::body::{self, Fields, Members};
use crate::call::Call;
use crate::endpoint::Endpoint;
use crate::error::{AdminError, ApiError};
use crate::idempotency::{self, Guarded};
use crate::list::{self, ListQuery};
use crate::openapi::schema::{self, Body, Others};
use crate::path;
use crate::reply::Reply;

const ALL: &str = "/admin/accounts";
const ONE: &str = "/admin/accounts/{id}";

/// The members of a new account.
const MEMBERS: &[&str] = &["name"];

/// The operations on an account.
const OF_ONE: &[&str] =
    &["readAccount", "changeAccount", "setVaultKey", "removeVaultKey", "listKeys", "createKey"];

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at(Method::GET, ALL, "listAccounts")
            .for_scope(Scope::Admin, list)
            .does("Lists the accounts")
            .takes(list::parameters(SORTABLE))
            .lists::<AccountObject>("A page of accounts."),
        Endpoint::at(Method::POST, ALL, "createAccount")
            .for_scope(Scope::Admin, create)
            .does("Makes an account")
            .explained("No two accounts have one name.")
            .reads(new_body())
            .idempotent()
            .leads_to(OF_ONE)
            .answers::<AccountObject>("The account."),
        Endpoint::at(Method::GET, ONE, "readAccount")
            .for_scope(Scope::Admin, read)
            .does("Reads an account")
            .takes([schema::id_in_path(ACCOUNT_ID)])
            .failing(&[404])
            .answers::<AccountObject>("The account."),
        Endpoint::at(Method::PATCH, ONE, "changeAccount")
            .for_scope(Scope::Admin, change)
            .does("Changes an account")
            .explained(
                "What is left out stays as it is. All of it is changed, or nothing. The account \
                 default can't be disabled: nobody could enable it again.",
            )
            .takes([schema::id_in_path(ACCOUNT_ID)])
            .reads(change::body())
            .failing(&[404, 409])
            .answers::<AccountObject>("The account."),
    ]
}

fn new_body() -> Body {
    Body {
        name: "NewAccount",
        members: vec![("name", schema::text("^[a-z0-9-]+$", AccountName::LONGEST).into())],
        required: MEMBERS,
        others: Others::Refused,
        example: json!({"name": "acme"}),
    }
}

async fn list(Call { request, api, .. }: Call) -> Result<HttpResponse, ApiError> {
    let query = Members::of_query(request.query_string());
    let query = ListQuery::parse(&query, SORTABLE).map_err(ApiError::Fields)?;
    let page = api.admin.accounts.list(query.order, query.page).await.map_err(AdminError::from)?;
    Ok(query.answer::<AccountDetails, AccountObject>(page))
}

async fn create(call: Call) -> Result<Reply, ApiError> {
    let Call { request, payload, api, principal, .. } = call;
    let key = idempotency::key(&request)?;
    let body = body::read(&request, payload).await?;
    let name = new(&Members::parse(&body)?)?;
    let guarded = key.map(|key| Guarded::new("create_account", principal.account, key, &body));
    let work = async move |api: Data<Api>| match api.admin.accounts.create(&name).await {
        Ok(made) => {
            tracing::info!(account = made.account.id.get(), "made an account");
            Reply::json(StatusCode::OK, &AccountObject::from(made))
        }
        Err(error) => ApiError::from(AdminError::from(error)).reply(),
    };
    idempotency::carry_out(&request, &api, guarded, work).await
}

/// The name of a new account.
fn new(members: &Members) -> Result<AccountName, ApiError> {
    let mut fields = Fields::new(members);
    fields.only(MEMBERS);
    let name = fields.text("name", |name| {
        let longest = AccountName::LONGEST;
        AccountName::parse(name)
            .map_err(|_| format!("must be 1 to {longest} of the characters a-z, 0-9 and -"))
    });
    fields.finish(name).map_err(ApiError::Fields)
}

async fn read(Call { request, api, .. }: Call) -> Result<Reply, ApiError> {
    let found = api.admin.accounts.find(path::id(&request)?).await.map_err(AdminError::from)?;
    Ok(Reply::json(StatusCode::OK, &AccountObject::from(found)))
}

async fn change(call: Call) -> Result<Reply, ApiError> {
    let Call { request, payload, api, principal, .. } = call;
    let (by, id): (_, AccountId) = (principal.operator()?, path::id(&request)?);
    let body = body::read(&request, payload).await?;
    let wanted = change::parse(&Members::parse_or_blank(&body)?, api.clock.now())?;
    let changed = api.admin.accounts.change(by, id, &wanted).await.map_err(AdminError::from)?;
    tracing::info!(account = id.get(), "changed an account");
    Ok(Reply::json(StatusCode::OK, &AccountObject::from(changed)))
}
