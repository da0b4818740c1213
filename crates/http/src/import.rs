//! POST /v1/paymentMethodImport/Stripe and its three siblings.

mod request;

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use self::request::parse as asked;

use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use cardlift_core::api_key::Scope;
use cardlift_core::use_cases::{ImportCardRequest, ImportFrom};

use crate::api::Api;
use crate::body::{self, Members};
use crate::call::Call;
use crate::endpoint::Endpoint;
use crate::error::ApiError;
use crate::idempotency::{self, Guarded};
use crate::payment_method_object::PaymentMethodObject;
use crate::payment_methods;
use crate::reply::Reply;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let post = Method::POST;
    // What is imported is what the vault says that it is, on either path.
    let all = [
        Endpoint::at(post.clone(), "/v1/paymentMethodImport/Stripe", "importCard")
            .for_scope(Scope::Import, own)
            .does("Imports a card"),
        Endpoint::at(post.clone(), "/v1/paymentMethodImport/stripeConnect", "importConnectedCard")
            .for_scope(Scope::Import, connected)
            .does("Imports a card of the connected account"),
        Endpoint::at(post.clone(), "/v1/achCardImport/Stripe", "importBankAccount")
            .for_scope(Scope::Import, own)
            .does("Imports a bank account"),
        Endpoint::at(post, "/v1/achCardImport/stripeConnect", "importConnectedBankAccount")
            .for_scope(Scope::Import, connected)
            .does("Imports a bank account of the connected account"),
    ];
    let finish = |endpoint: Endpoint| {
        endpoint
            .explained("What is stored and answered is what the vault says that it is.")
            .reads(request::body())
            .idempotent()
            .failing(&[404, 502])
            .leads_to(&payment_methods::OF_ONE)
            .answers::<PaymentMethodObject>("What was imported.")
    };
    all.map(finish).into()
}

/// From the account of the vault that the account's key is of.
async fn own(call: Call) -> Result<Reply, ApiError> {
    import(call, ImportFrom::OwnAccount).await
}

/// From the connected account.
async fn connected(call: Call) -> Result<Reply, ApiError> {
    import(call, ImportFrom::ConnectedAccount).await
}

async fn import(call: Call, from: ImportFrom) -> Result<Reply, ApiError> {
    let Call { request, payload, api, principal, .. } = call;
    let key = idempotency::key(&request)?;
    let body = body::read(&request, payload).await?;
    let import = request::parse(&Members::parse(&body)?, &principal, from)?;
    let endpoint = match from {
        ImportFrom::OwnAccount => "import_card",
        ImportFrom::ConnectedAccount => "import_connected_card",
    };
    let guarded = key.map(|key| Guarded::new(endpoint, principal.account, key, &body));
    let work = async move |api: Data<Api>| import_card(&api, import).await;
    idempotency::carry_out(&request, &api, guarded, work).await
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
