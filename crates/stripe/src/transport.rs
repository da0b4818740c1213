//! The connections to the API, which the vaults of many keys share.

use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Url, redirect};

use crate::builder::{InvalidStripeSettings, is_loopback};
use crate::policy::Policy;
use crate::tls;

/// The version of the API that is asked for, whatever the account's own is.
pub const API_VERSION: &str = "2026-03-25.dahlia";

const STRIPE_VERSION: HeaderName = HeaderName::from_static("stripe-version");

/// The connections to the API, of HTTP/1.1: each has one request at a time, so that one that is lost
/// takes no other along. A clone is another handle on the same.
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    /// Takes one that is idle, where there is one.
    pub(crate) pooled: reqwest::Client,
    /// Makes one for each request.
    pub(crate) fresh: reqwest::Client,
    /// Where all customers are: all that is read is there or below.
    pub(crate) customers: Url,
}

impl Transport {
    pub(crate) fn new(base: Url, policy: &Policy) -> Result<Self, InvalidStripeSettings> {
        let tls = if base.scheme() == "https" { tls::config()? } else { tls::none()? };
        let client = || {
            let mut http = reqwest::Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .default_headers(headers())
                .user_agent(concat!("cardlift/", env!("CARGO_PKG_VERSION")))
                .redirect(redirect::Policy::none())
                .http1_only()
                .connect_timeout(policy.connect_timeout)
                .read_timeout(policy.read_timeout)
                .gzip(true);
            if is_loopback(&base) {
                http = http.no_proxy();
            }
            http
        };
        let pooled = client().build().map_err(InvalidStripeSettings::Client)?;
        let fresh = client().pool_max_idle_per_host(0).build();
        let fresh = fresh.map_err(InvalidStripeSettings::Client)?;
        Ok(Self { pooled, fresh, customers: customers(base) })
    }
}

fn customers(mut base: Url) -> Url {
    if let Ok(mut path) = base.path_segments_mut() {
        path.pop_if_empty().extend(["v1", "customers"]);
    }
    base
}

fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(STRIPE_VERSION, HeaderValue::from_static(API_VERSION));
    headers
}
