//! A request of a caller with a key, and the answer to it.

use actix_web::web::{Data, Payload};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use cardlift_core::api_key::Scope;
use cardlift_core::audit::{Actor, Who};
use cardlift_core::use_cases::Principal;

use crate::api::Api;
use crate::authorization::{self, Caller, PresentedKey};
use crate::error::ApiError;
use crate::request_id::RequestId;

/// A request of a caller who may make it. There is no other way to a principal, so what is declared
/// with no scope acts for nobody.
pub(crate) struct Call {
    pub(crate) request: HttpRequest,
    pub(crate) payload: Payload,
    pub(crate) api: Data<Api>,
    pub(crate) principal: Principal,
    /// What the key was let in for.
    scope: Scope,
}

impl Call {
    /// The key that it was made with, to be asked again while the answer goes on.
    pub(crate) fn presented_key(&self) -> Result<PresentedKey, ApiError> {
        PresentedKey::of(&self.request, &self.api, self.scope)
    }
}

/// The answer to a request that needs this scope, with where the caller's key stands in it, once that
/// is known. Whatever is changed for it is changed by this caller.
pub(crate) async fn answer<Handling, Answer>(
    (request, payload, api): (HttpRequest, Payload, Data<Api>),
    scope: Scope,
    handler: impl FnOnce(Call) -> Handling,
) -> HttpResponse
where
    Handling: Future<Output = Result<Answer, ApiError>>,
    Answer: Into<HttpResponse>,
{
    let result = match authorization::principal(&request, &api, scope).await {
        Ok(principal) => {
            let actor = actor(&request, principal);
            let call = Call { request: request.clone(), payload, api, principal, scope };
            actor.does(handler(call)).await
        }
        Err(error) => Err(error),
    };
    let mut response = result.map_or_else(|error| error.response(), Into::into);
    if let Some(caller) = request.extensions().get::<Caller>() {
        caller.standing.tell(&mut response);
    }
    response
}

/// Who acts in a request.
fn actor(request: &HttpRequest, principal: Principal) -> Actor {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    Actor { who: Who::Key(principal.account, principal.key), request: id }
}
