//! `Idempotency-Key`: a request sent twice under one key is carried out once.

use std::future::Future;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderName;
use actix_web::web::Data;
use cardlift_core::account::AccountId;
use cardlift_core::audit::Actor;
use cardlift_core::idempotency::{
    ClaimOutcome, IdempotencyClaim, IdempotencyKey, RequestDigest, StoredReply,
};
use cardlift_core::ports::{Clock, IdempotencyStore};
use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use tracing::Instrument as _;

use crate::api::Api;
use crate::error::ApiError;
use crate::reply::Reply;
use crate::shedding;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// How long a reply is kept.
const KEPT_FOR: TimeDelta = TimeDelta::hours(24);

/// How long a claim keeps others away, should its owner die: longer than an import can take.
const HELD_FOR: TimeDelta = TimeDelta::seconds(60);

/// The key of a request, where it has one.
pub(crate) fn key(request: &HttpRequest) -> Result<Option<IdempotencyKey>, ApiError> {
    let mut values = request.headers().get_all(HEADER);
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(ApiError::IdempotencyKey);
    }
    let key = value.to_str().ok().and_then(|key| IdempotencyKey::parse(key).ok());
    key.map(Some).ok_or(ApiError::IdempotencyKey)
}

/// A request under a key.
#[derive(Debug, Clone)]
pub(crate) struct Guarded {
    account: AccountId,
    key: IdempotencyKey,
    request: RequestDigest,
}

impl Guarded {
    /// A request to this endpoint with this body, byte for byte.
    pub(crate) fn new(
        endpoint: &str,
        account: AccountId,
        key: IdempotencyKey,
        body: &[u8],
    ) -> Self {
        let digest = Sha256::new().chain_update(endpoint).chain_update(b"\0").chain_update(body);
        Self { account, key, request: RequestDigest(digest.finalize().into()) }
    }

    /// Does the work, or gives the reply again that it had.
    ///
    /// A reply that blames the server is not kept: the same request may be sent again, under the
    /// same key.
    pub(crate) async fn run<Work: Future<Output = Reply>>(
        self,
        replies: &dyn IdempotencyStore,
        clock: &dyn Clock,
        work: impl FnOnce() -> Work,
    ) -> Result<Reply, ApiError> {
        let Self { account, key, request } = self;
        let at = clock.now();
        let claim = IdempotencyClaim { account, key, request, at, held_until: at + HELD_FOR };
        match replies.claim(&claim).await? {
            ClaimOutcome::Granted => {}
            ClaimOutcome::Replay(stored) => return again(stored),
            ClaimOutcome::InProgress => return Err(ApiError::InProgress),
            ClaimOutcome::OtherRequest => return Err(ApiError::OtherRequest),
        }
        let reply = work().await;
        let kept = if reply.status.is_server_error() {
            replies.release(&claim).await
        } else {
            let (status, body) = (reply.status.as_u16(), reply.body.clone());
            let expires_at = clock.now() + KEPT_FOR;
            replies.complete(&claim, &StoredReply { status, body, expires_at }).await
        };
        if let Err(error) = kept {
            // The work is done, and the import itself can be made again without harm.
            tracing::warn!(%error, "a reply could not be kept under its idempotency key");
        }
        Ok(reply)
    }
}

/// Does the work once, under its key where it has one, and to its end even where the caller hangs
/// up: what is begun is finished.
pub(crate) async fn carry_out<Work: Future<Output = Reply> + 'static>(
    request: &HttpRequest,
    api: &Data<Api>,
    guarded: Option<Guarded>,
    work: impl FnOnce(Data<Api>) -> Work + 'static,
) -> Result<Reply, ApiError> {
    let (api, permit) = (api.clone(), shedding::permit(request));
    let run = async move {
        // It counts as worked on for as long as it is.
        let _permit = permit;
        let work = || work(api.clone());
        match guarded {
            Some(guarded) => guarded.run(api.idempotency.as_ref(), api.clock.as_ref(), work).await,
            None => Ok(work().await),
        }
    };
    let run = Actor::current().goes_on(run).in_current_span();
    let run = actix_web::rt::spawn(run);
    run.await.unwrap_or(Err(ApiError::Interrupted))
}

fn again(stored: StoredReply) -> Result<Reply, ApiError> {
    let status = StatusCode::from_u16(stored.status).map_err(|_| ApiError::Interrupted)?;
    Ok(Reply { status, body: stored.body, retry_after: None, replayed: true })
}
