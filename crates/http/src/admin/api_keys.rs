//! GET and POST /admin/accounts/{id}/keys, DELETE one of them.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use cardlift_core::account::AccountId;
use cardlift_core::api_key::{ApiKey, ApiKeyId, KeyLabel, Scope, Scopes, end_of_key};
use cardlift_core::use_cases::WantedApiKey;
use serde_json::{Value, json};
use utoipa::openapi::KnownFormat;
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, SchemaFormat, Type};

use super::api_key_object::{self, ApiKeyObject, CreatedApiKeyObject};
use super::{ACCOUNT_ID, SORTABLE};
use crate::body::{self, Fields, Members};
use crate::call::Call;
use crate::endpoint::{Endpoint, Success};
use crate::error::{AdminError, ApiError};
use crate::list::{self, ListQuery};
use crate::openapi::schema::{self, Body, Others};
use crate::path;
use crate::reply::Reply;

const ALL: &str = "/admin/accounts/{id}/keys";
const ONE: &str = "/admin/accounts/{id}/keys/{keyId}";

const MEMBERS: &[&str] = &["label", "scopes", "expiresAt"];

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at(Method::GET, ALL, "listKeys")
            .for_scope(Scope::Admin, list)
            .does("Lists the API keys of an account, revoked ones too")
            .takes([schema::id_in_path(ACCOUNT_ID)])
            .takes(list::parameters(SORTABLE))
            .failing(&[404])
            .lists::<ApiKeyObject>("A page of keys."),
        Endpoint::at(Method::POST, ALL, "createKey")
            .for_scope(Scope::Admin, create)
            .does("Makes an API key")
            .explained(
                "The answer has the key, this once: it can't be had again, so an Idempotency-Key \
                 is not looked at. It is for import, read and manage unless told otherwise; admin \
                 is for keys of the account default alone. It is good to the end of the day, or to \
                 the time, that expiresAt names.",
            )
            .takes([schema::id_in_path(ACCOUNT_ID)])
            .reads(new_body())
            .failing(&[404])
            .answers::<CreatedApiKeyObject>("The key."),
        Endpoint::at(Method::DELETE, ONE, "revokeKey")
            .for_scope(Scope::Admin, revoke)
            .does("Revokes an API key")
            .explained(
                "It is let in no more, by any server, within a second. The key that is sent with \
                 this can't be the one that is revoked.",
            )
            .takes([
                schema::id_in_path(ACCOUNT_ID),
                schema::named_id_in_path("keyId", "The key's id."),
            ])
            .failing(&[404, 409])
            .succeeds(Success::Nothing(204, "It is revoked.")),
    ]
}

fn new_body() -> Body {
    let text_of = |format| {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(format)))
    };
    let end = AnyOfBuilder::new()
        .item(text_of(KnownFormat::Date))
        .item(text_of(KnownFormat::DateTime))
        .item(ObjectBuilder::new().schema_type(Type::Null));
    let label = schema::plain_text(KeyLabel::LONGEST);
    Body {
        name: "NewApiKey",
        members: vec![
            ("label", label.into()),
            ("scopes", api_key_object::scopes().into()),
            ("expiresAt", end.into()),
        ],
        required: &[],
        others: Others::Refused,
        example: json!({"label": "billing", "scopes": ["import", "read"], "expiresAt": "2999-12-31"}),
    }
}

async fn list(Call { request, api, .. }: Call) -> Result<HttpResponse, ApiError> {
    let account: AccountId = path::id(&request)?;
    let query = Members::of_query(request.query_string());
    let query = ListQuery::parse(&query, SORTABLE).map_err(ApiError::Fields)?;
    let page = api.admin.keys.list(account, query.order, query.page).await;
    Ok(query.answer::<ApiKey, ApiKeyObject>(page.map_err(AdminError::from)?))
}

async fn create(call: Call) -> Result<Reply, ApiError> {
    let Call { request, payload, api, .. } = call;
    let account = path::id(&request)?;
    let body = body::read(&request, payload).await?;
    let wanted = wanted(&Members::parse_or_blank(&body)?, account)?;
    let created = api.admin.create_key.run(wanted).await.map_err(AdminError::from)?;
    tracing::info!(account = account.get(), key = created.key.id.get(), "made an API key");
    Ok(Reply::json(StatusCode::OK, &CreatedApiKeyObject::from(created)))
}

/// The key that a body asks for.
fn wanted(members: &Members, account: AccountId) -> Result<WantedApiKey, ApiError> {
    let mut fields = Fields::new(members);
    fields.only(MEMBERS);
    let label = fields.given("label", |value| match value {
        Value::String(label) => KeyLabel::parse(label).map_err(|error| error.to_string()),
        _ => Err("must be a text".to_owned()),
    });
    let scopes = fields.given("scopes", scopes);
    let expires_at = fields.given("expiresAt", |value| match value {
        Value::Null => Ok(None),
        Value::String(end) => end_of_key(end.trim()).map(Some).map_err(|error| error.to_string()),
        _ => Err("must be a text, or null".to_owned()),
    });
    let wanted = (|| {
        let (label, scopes) = (label?.unwrap_or_default(), scopes?.unwrap_or_default());
        Some(WantedApiKey { account, label, scopes, expires_at: expires_at?.flatten() })
    })();
    fields.finish(wanted).map_err(ApiError::Fields)
}

fn scopes(value: &Value) -> Result<Scopes, String> {
    let names = value.as_array().and_then(|names| names.iter().map(Value::as_str).collect());
    let scopes = names.and_then(|names: Vec<_>| Scopes::named(names).ok());
    let all = || Scope::ALL.map(Scope::name).join(", ");
    scopes.ok_or_else(|| format!("must be a list of one or more of {}", all()))
}

async fn revoke(Call { request, api, principal, .. }: Call) -> Result<HttpResponse, ApiError> {
    let (by, account): (_, AccountId) = (principal.operator()?, path::id(&request)?);
    let id: ApiKeyId = path::id_named(&request, "keyId")?;
    api.admin.keys.revoke(by, account, id).await.map_err(AdminError::from)?;
    tracing::info!(account = account.get(), key = id.get(), "revoked an API key");
    Ok(HttpResponse::NoContent().finish())
}
