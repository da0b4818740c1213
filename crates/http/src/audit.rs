//! GET /v1/auditTrail: who changed what.

mod object;

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use cardlift_core::api_key::Scope;
use cardlift_core::audit::{AuditBatch, AuditEntry};
use cardlift_core::page::PageRequest;
use utoipa::openapi::path::{Parameter, ParameterBuilder};

pub use self::object::AuditEntryObject;
use crate::body::{Fields, Members};
use crate::call::Call;
use crate::endpoint::Endpoint;
use crate::error::ApiError;
use crate::openapi::schema;
use crate::reply::Reply;

/// Says after which place the next page is.
const NEXT_AFTER: HeaderName = HeaderName::from_static("x-next-after");

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at(Method::GET, "/v1/auditTrail", "readAuditTrail")
            .for_scope(Scope::Manage, read)
            .does("Tells who changed what in the account")
            .explained(
                "The changes in the order in which they were chained, which is about a second after each \
                 was made. What was changed together is on one page. Ask again with the `after` that \
                 X-Next-After says: where nothing comes, that is all for now, and what is changed later \
                 is there.",
            )
            .takes(parameters())
            .telling(&["X-Next-After"])
            .answers_all::<AuditEntryObject>("A page of changes."),
    ]
}

fn parameters() -> [Parameter; 2] {
    let after = schema::number().minimum(Some(0.0));
    let size = schema::whole_number(1, PageRequest::LARGEST);
    [
        schema::in_query(
            "after",
            after,
            "Where the page before ended, as its X-Next-After said; 0, the beginning, unless told.",
        ),
        schema::in_query(
            "pageSize",
            size,
            "How many batches a page has room for; 100 unless told. It ends sooner where they hold more \
             than 1,000 changes, but has one.",
        ),
    ]
    .map(ParameterBuilder::build)
}

async fn read(Call { request, api, principal, .. }: Call) -> Result<HttpResponse, ApiError> {
    let query = Members::of_query(request.query_string());
    let mut fields = Fields::new(&query);
    let after = fields.number("after", 0..=i64::MAX, 0);
    let size = fields.number("pageSize", 1..=PageRequest::LARGEST, PageRequest::USUAL);
    let (after, size) = fields.finish(after.zip(size)).map_err(ApiError::Fields)?;
    let page = api.read_audit.run(principal.account, after, size).await?;
    let entries = objects(page.batches.iter().flat_map(AuditBatch::entries));
    let mut response: HttpResponse = Reply::json(StatusCode::OK, &entries).into();
    response.headers_mut().insert(NEXT_AFTER, HeaderValue::from(page.end));
    Ok(response)
}

/// The entries as they are answered. One that somebody made unreadable keeps none back that is behind it.
fn objects(entries: impl Iterator<Item = AuditEntry>) -> Vec<AuditEntryObject> {
    let (mut objects, mut unreadable) = (Vec::new(), Vec::new());
    for entry in entries {
        objects.push(AuditEntryObject::try_from(&entry).unwrap_or_else(|_| {
            unreadable.push(entry.batch.get());
            AuditEntryObject::unreadable(&entry)
        }));
    }
    if let Some(batch) = unreadable.first() {
        let entries = unreadable.len();
        tracing::error!(
            entries,
            batch,
            "entries of the audit trail can't be read: somebody wrote to the database, past Cardlift; \
             see `cardlift audit verify`"
        );
    }
    objects
}
