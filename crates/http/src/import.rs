//! POST /v1/paymentMethodImport/Stripe and its three siblings.

mod request;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use cardlift_core::use_cases::{ImportCardRequest, ImportFrom};

use crate::answer::answer;
use crate::api::Api;
use crate::authorization;
use crate::body::{self, Members};
use crate::error::ApiError;
use crate::idempotency::{self, Guarded};
use crate::payment_method_object::PaymentMethodObject;
use crate::reply::Reply;

/// From the account of the vault that the server's key is of. What is imported is what the vault
/// says that it is, on either path.
pub(crate) async fn own(request: HttpRequest, payload: Payload, api: Data<Api>) -> HttpResponse {
    answer(&request, handle(&request, payload, &api, ImportFrom::OwnAccount).await)
}

/// From the connected account.
pub(crate) async fn connected(
    request: HttpRequest,
    payload: Payload,
    api: Data<Api>,
) -> HttpResponse {
    answer(&request, handle(&request, payload, &api, ImportFrom::ConnectedAccount).await)
}

async fn handle(
    request: &HttpRequest,
    payload: Payload,
    api: &Data<Api>,
    from: ImportFrom,
) -> Result<Reply, ApiError> {
    let principal = authorization::principal(request, api).await?;
    let key = idempotency::key(request)?;
    let body = body::read(request, payload).await?;
    let import = request::parse(&Members::parse(&body)?, principal.account, from)?;
    let endpoint = match from {
        ImportFrom::OwnAccount => "import_card",
        ImportFrom::ConnectedAccount => "import_connected_card",
    };
    let guarded = key.map(|key| Guarded::new(endpoint, principal.account, key, &body));
    let work = async move |api: Data<Api>| import_card(&api, import).await;
    idempotency::carry_out(api.clone(), guarded, work).await
}

async fn import_card(api: &Api, import: ImportCardRequest) -> Reply {
    match api.import_card.run(import).await {
        Ok(saved) => {
            let id = saved.payment_method.id.get();
            tracing::info!(payment_method = id, outcome = ?saved.outcome, "imported a card");
            Reply::json(StatusCode::OK, &PaymentMethodObject::from(&saved.payment_method))
        }
        Err(error) => ApiError::from(error).reply(),
    }
}
