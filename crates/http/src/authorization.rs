//! Who is calling: the Authorization header in each form that clients send.

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;

use actix_web::http::header::{AUTHORIZATION, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use cardlift_core::api_key::{ApiKeySecret, Scope};
use cardlift_core::use_cases::{AuthenticateError, Principal};

use crate::api::Api;
use crate::error::ApiError;
use crate::rate_limit::{Exhausted, Standing};
use crate::wrong_keys::Slowed;

pub(crate) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Who is calling, and where its key stands: in the request's extensions, for the log and the answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller {
    pub(crate) principal: Principal,
    pub(crate) standing: Standing,
}

/// The key that a caller showed, and what for: in the midst of what goes on for long it is asked again.
pub(crate) struct PresentedKey {
    api: Data<Api>,
    secret: ApiKeySecret,
    scope: Scope,
}

impl PresentedKey {
    /// The one that a request was let in with.
    pub(crate) fn of(
        request: &HttpRequest,
        api: &Data<Api>,
        scope: Scope,
    ) -> Result<Self, ApiError> {
        let secret = secret(header(request)?)?;
        Ok(Self { api: api.clone(), secret, scope })
    }

    /// Asks whether it may still be used for this. It counts for no limit.
    pub(crate) async fn still_good(&self) -> Result<(), ApiError> {
        Ok(self.api.authenticate.recheck(&self.secret, self.scope).await?)
    }
}

/// Who is calling, where its key may be used for this and may make another request. The log and the
/// answer learn from the request who it is and where the key stands.
pub(crate) async fn principal(
    request: &HttpRequest,
    api: &Api,
    scope: Scope,
) -> Result<Principal, ApiError> {
    let principal = caller(request, api).await?;
    let admitted = api.rate_limiter.admit(principal.key, principal.limits, api.clock.now());
    let (Ok(standing) | Err(Exhausted { standing, .. })) = admitted;
    request.extensions_mut().insert(Caller { principal, standing });
    if let Err(Exhausted { retry_after, .. }) = admitted {
        return Err(ApiError::Exhausted { retry_after });
    }
    principal.may(scope)?;
    Ok(principal)
}

/// Whose key it is, unless too many wrong ones came from the same address.
async fn caller(request: &HttpRequest, api: &Api) -> Result<Principal, ApiError> {
    let header = header(request)?;
    let peer = request.peer_addr().map(|peer| peer.ip());
    let attempt = api.wrong_keys.attempt(peer, header.as_bytes(), api.clock.now());
    api.wrong_keys
        .admit(attempt)
        .map_err(|Slowed { retry_after }| ApiError::WrongKeys { retry_after })?;
    let found = match secret(header) {
        Ok(secret) => api.authenticate.run(&secret).await.map_err(ApiError::from),
        Err(error) => Err(error),
    };
    match &found {
        Ok(_) => api.wrong_keys.right(attempt),
        Err(ApiError::KeyFormat | ApiError::Authenticate(AuthenticateError::UnknownKey)) => {
            api.wrong_keys.wrong(attempt);
        }
        Err(_) => {}
    }
    found
}

fn header(request: &HttpRequest) -> Result<&HeaderValue, ApiError> {
    request.headers().get(AUTHORIZATION).ok_or(ApiError::KeyMissing)
}

/// The secret in a header.
fn secret(header: &HeaderValue) -> Result<ApiKeySecret, ApiError> {
    let header = header.to_str().map_err(|_| ApiError::KeyFormat)?;
    parse(header).ok_or(ApiError::KeyFormat)
}

/// `Basic` and base64 of `0:SECRET`, which is the key as issued, or of `SECRET:`. Where a client
/// takes the issued key for a user's name or password, the secret is inside of that.
fn parse(header: &str) -> Option<ApiKeySecret> {
    let (scheme, key) = header.trim().split_once(char::is_whitespace)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let credentials = decode(key.trim())?;
    let shown = in_credentials(&credentials)?;
    let nested = decode(shown);
    let inner = nested.as_deref().and_then(|inner| inner.strip_prefix("0:"));
    Some(ApiKeySecret::shown(inner.unwrap_or(shown)))
}

/// The secret in `0:SECRET` or `SECRET:`. Other credentials are well-formed; nobody has them.
fn in_credentials(credentials: &str) -> Option<&str> {
    match credentials.split_once(':')? {
        ("0", secret) | (secret, "") => Some(secret),
        _ => Some(credentials),
    }
}

fn decode(text: &str) -> Option<String> {
    String::from_utf8(BASE64.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ab";

    fn basic(credentials: &str) -> String {
        format!("Basic {}", BASE64.encode(credentials))
    }

    #[track_caller]
    fn check(header: &str, secret: Option<&str>) {
        let digest = parse(header).map(|found| found.digest());
        assert_eq!(digest, secret.map(|secret| ApiKeySecret::shown(secret).digest()), "{header}");
    }

    #[test]
    fn each_form_that_clients_send_holds_the_same_secret() {
        let issued = BASE64.encode(format!("0:{SECRET}"));
        assert_eq!(issued.len(), 88);
        check(&format!("Basic {issued}"), Some(SECRET));
        check(&format!("basic  {issued} "), Some(SECRET));
        check(&basic(&format!("{SECRET}:")), Some(SECRET));
        check(&basic(&format!("{issued}:")), Some(SECRET));
        check(&basic(&format!("0:{issued}")), Some(SECRET));
        check(&format!("Basic {}", issued.trim_end_matches('=')), Some(SECRET));
    }

    #[test]
    fn well_formed_credentials_of_another_kind_are_nobody_s() {
        check(&basic("user:password"), Some("user:password"));
    }

    #[test]
    fn what_can_t_be_decoded_is_not_in_the_correct_format() {
        for wrong in ["", "Basic", "Bearer abc", "Basic !!!", "Basic YWJj", "Basic /w=="] {
            check(wrong, None);
        }
    }
}
