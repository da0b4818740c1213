//! POST /v1/paymentMethodImport/Stripe and its three siblings.

mod request;

use actix_web::http::{Method, StatusCode};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use cardlift_core::use_cases::{ImportCardRequest, ImportFrom};

use crate::answer::answer;
use crate::api::Api;
use crate::authorization;
use crate::body::{self, Members};
use crate::endpoint::Endpoint;
use crate::error::ApiError;
use crate::idempotency::{self, Guarded};
use crate::payment_method_object::PaymentMethodObject;
use crate::payment_methods;
use crate::reply::Reply;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let post = Method::POST;
    let all = [
        Endpoint::new(post.clone(), "/v1/paymentMethodImport/Stripe", "importCard", own)
            .does("Imports a card"),
        Endpoint::new(
            post.clone(),
            "/v1/paymentMethodImport/stripeConnect",
            "importConnectedCard",
            connected,
        )
        .does("Imports a card of the connected account"),
        Endpoint::new(post.clone(), "/v1/achCardImport/Stripe", "importBankAccount", own)
            .does("Imports a bank account"),
        Endpoint::new(
            post,
            "/v1/achCardImport/stripeConnect",
            "importConnectedBankAccount",
            connected,
        )
        .does("Imports a bank account of the connected account"),
    ];
    let finish = |endpoint: Endpoint| {
        endpoint
            .explained("What is stored and answered is what the vault says that it is.")
            .keyed()
            .reads(request::body())
            .idempotent()
            .failing(&[404, 502])
            .leads_to(&payment_methods::OF_ONE)
            .answers::<PaymentMethodObject>("What was imported.")
    };
    all.map(finish).into()
}

/// From the account of the vault that the server's key is of. What is imported is what the vault
/// says that it is, on either path.
async fn own(request: HttpRequest, payload: Payload, api: Data<Api>) -> HttpResponse {
    answer(&request, handle(&request, payload, &api, ImportFrom::OwnAccount).await)
}

/// From the connected account.
async fn connected(request: HttpRequest, payload: Payload, api: Data<Api>) -> HttpResponse {
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
    let import = request::parse(&Members::parse(&body)?, &principal, from)?;
    let endpoint = match from {
        ImportFrom::OwnAccount => "import_card",
        ImportFrom::ConnectedAccount => "import_connected_card",
    };
    let guarded = key.map(|key| Guarded::new(endpoint, principal.account, key, &body));
    let work = async move |api: Data<Api>| import_card(&api, import).await;
    idempotency::carry_out(request, api, guarded, work).await
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
