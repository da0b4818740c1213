//! POST /v1/paymentMethodImport/Stripe.

mod request;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use cardlift_core::use_cases::{ImportCardRequest, Principal};
use tracing::Instrument as _;

use crate::api::Api;
use crate::authorization;
use crate::body::{self, Members};
use crate::card_object::CardObject;
use crate::error::ApiError;
use crate::idempotency::{self, Guarded};
use crate::reply::Reply;

pub(crate) async fn endpoint(
    request: HttpRequest,
    payload: Payload,
    api: Data<Api>,
) -> HttpResponse {
    match handle(&request, payload, &api).await {
        Ok(reply) => reply.into(),
        Err(error) => error.response(),
    }
}

async fn handle(
    request: &HttpRequest,
    payload: Payload,
    api: &Data<Api>,
) -> Result<Reply, ApiError> {
    let secret = authorization::secret(request)?;
    let principal = api.authenticate.run(&secret).await?;
    request.extensions_mut().insert::<Principal>(principal);
    let key = idempotency::key(request)?;
    let body = body::read(request, payload).await?;
    let import = request::parse(&Members::parse(&body)?, principal.account)?;
    let guarded = key.map(|key| Guarded::new("import_card", principal.account, key, &body));
    carry_out(api.clone(), import, guarded).await
}

/// Runs to its end even where the caller hangs up: what is begun is finished.
async fn carry_out(
    api: Data<Api>,
    import: ImportCardRequest,
    guarded: Option<Guarded>,
) -> Result<Reply, ApiError> {
    let work = async move {
        let run = || async { import_card(&api, import).await };
        match guarded {
            Some(guarded) => guarded.run(api.idempotency.as_ref(), api.clock.as_ref(), run).await,
            None => Ok(run().await),
        }
    };
    let work = actix_web::rt::spawn(work.in_current_span());
    work.await.unwrap_or(Err(ApiError::Interrupted))
}

async fn import_card(api: &Api, import: ImportCardRequest) -> Reply {
    match api.import_card.run(import).await {
        Ok(saved) => {
            let id = saved.payment_method.id.get();
            tracing::info!(payment_method = id, outcome = ?saved.outcome, "imported a card");
            Reply::json(StatusCode::OK, &CardObject::from(&saved.payment_method))
        }
        Err(error) => ApiError::from(error).reply(),
    }
}
