//! PUT and DELETE /admin/accounts/{id}/vaultKey.

use std::convert::Infallible;

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use cardlift_core::account::AccountId;
use cardlift_core::api_key::Scope;
use cardlift_core::use_cases::AccountDetails;
use secrecy::SecretString;
use serde_json::json;

use super::ACCOUNT_ID;
use super::account_object::AccountObject;
use crate::api::Api;
use crate::body::{self, Fields, Members};
use crate::call::Call;
use crate::endpoint::{Endpoint, Success};
use crate::error::{AdminError, ApiError};
use crate::idempotency;
use crate::openapi::schema::{self, Body, Others};
use crate::path;
use crate::reply::Reply;

const PATH: &str = "/admin/accounts/{id}/vaultKey";

const MEMBERS: &[&str] = &["key"];

/// How long a key is at most.
const LONGEST: usize = 4_095;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at(Method::PUT, PATH, "setVaultKey")
            .for_scope(Scope::Admin, set)
            .does("Gives an account a Stripe key")
            .explained(
                "In place of the one that it has. The account is bound to the mode of the key; one \
                 that has payment methods or jobs takes none of the other mode. The key is sealed, \
                 and can't be read again. Stripe is not asked.",
            )
            .takes([schema::id_in_path(ACCOUNT_ID)])
            .reads(key_body())
            .failing(&[404, 409])
            .answers::<AccountObject>("The account."),
        Endpoint::at(Method::DELETE, PATH, "removeVaultKey")
            .for_scope(Scope::Admin, remove)
            .does("Takes an account's Stripe key away")
            .takes([schema::id_in_path(ACCOUNT_ID)])
            .failing(&[404])
            .succeeds(Success::Nothing(204, "It is gone.")),
    ]
}

fn key_body() -> Body {
    Body {
        name: "VaultKey",
        members: vec![("key", schema::text(r"^(sk|rk)_[\x21-\x7e]+$", LONGEST).into())],
        required: MEMBERS,
        others: Others::Refused,
        example: json!({"key": "rk_test_example"}),
    }
}

async fn set(call: Call) -> Result<Reply, ApiError> {
    let Call { request, payload, api, .. } = call;
    let account: AccountId = path::id(&request)?;
    let body = body::read(&request, payload).await?;
    let key = key(&Members::parse(&body)?)?;
    let work = async move |api: Data<Api>| match api.admin.vault_keys.set(account, &key).await {
        Ok(account) => {
            tracing::info!(account = account.id.get(), "gave an account a key for the vault");
            let details = AccountDetails { account, has_vault_key: true };
            Reply::json(StatusCode::OK, &AccountObject::from(details))
        }
        Err(error) => ApiError::from(AdminError::from(error)).reply(),
    };
    // It is bound to a mode before the key is there: it must not stop between.
    idempotency::carry_out(&request, &api, None, work).await
}

/// The key that a body has. Whether it is one is not known here.
fn key(members: &Members) -> Result<SecretString, ApiError> {
    let mut fields = Fields::new(members);
    fields.only(MEMBERS);
    let key = fields.text("key", |key| Ok::<_, Infallible>(SecretString::from(key)));
    fields.finish(key).map_err(ApiError::Fields)
}

async fn remove(Call { request, api, .. }: Call) -> Result<HttpResponse, ApiError> {
    let id: AccountId = path::id(&request)?;
    api.admin.accounts.remove_vault_key(id).await.map_err(AdminError::from)?;
    tracing::info!(account = id.get(), "took an account's key for the vault away");
    Ok(HttpResponse::NoContent().finish())
}
