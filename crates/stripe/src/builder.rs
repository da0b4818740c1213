//! Settings of a vault.

use std::time::Duration;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use crate::governor::Rates;
use crate::policy::Policy;
use crate::transport::Transport;
use crate::vault::StripeVault;
use cardlift_core::ports::{NotAVaultKey, VaultKeyFormat};
use cardlift_core::vault::VaultMode;

const API_BASE: &str = "https://api.stripe.com";

/// No key of Stripe's has as many bytes.
const TOO_LONG: usize = 4_096;

/// What keys of Stripe's look like.
#[derive(Debug, Clone, Copy)]
pub struct StripeKeyFormat;

/// Builds a [`StripeVault`]. Everything but the key has a default.
#[derive(Debug, Clone)]
pub struct StripeVaultBuilder {
    api_key: SecretString,
    api_base: String,
    policy: Policy,
}

/// Settings no vault can be built from. None of the values is repeated.
#[derive(Debug, Error)]
pub enum InvalidStripeSettings {
    /// The key is none that can read cards.
    #[error(
        "the Stripe API key must start with sk_ or rk_, with nothing around it and no blank in it: a \
         publishable key (pk_) reads no cards"
    )]
    ApiKey,
    /// The base is no URL of the API.
    #[error(
        "the base of the Stripe API must be https://HOST, or http:// on a loopback address, with \
         no user, query or fragment"
    )]
    ApiBase,
    /// The machine trusts nobody.
    #[error(
        "this machine has no root certificates: install them (Debian: ca-certificates), or name a \
         file of them in SSL_CERT_FILE"
    )]
    NoRootCertificates,
    /// TLS can't be set up.
    #[error("TLS can't be set up")]
    Tls(#[source] rustls::Error),
    /// The client can't be built.
    #[error("the HTTP client can't be built")]
    Client(#[source] reqwest::Error),
}

impl StripeVaultBuilder {
    pub(crate) fn new(api_key: SecretString) -> Self {
        let api_base = API_BASE.to_owned();
        Self { api_key, api_base, policy: Policy::default() }
    }

    /// Where the API is. Default: `https://api.stripe.com`.
    #[must_use]
    pub fn api_base(mut self, url: impl Into<String>) -> Self {
        self.api_base = url.into();
        self
    }

    /// For one call, retries and all. Default: 25 s.
    #[must_use]
    pub const fn timeout(mut self, total: Duration) -> Self {
        self.policy.total_timeout = total;
        self
    }

    /// For a connection to stand. Default: 3 s.
    #[must_use]
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.policy.connect_timeout = timeout;
        self
    }

    /// Between two pieces of an answer. Default: 10 s.
    #[must_use]
    pub const fn read_timeout(mut self, timeout: Duration) -> Self {
        self.policy.read_timeout = timeout;
        self
    }

    /// How often a try that failed is followed by another. Default: 2. What a connection of the pool
    /// loses is sent again besides.
    #[must_use]
    pub const fn retries(mut self, retries: u32) -> Self {
        self.policy.retries = retries;
        self
    }

    /// The wait before the first retry, which doubles with each, and the longest one. Default:
    /// 0.5 s and 5 s, as Stripe's own clients have it.
    #[must_use]
    pub const fn backoff(mut self, base: Duration, cap: Duration) -> Self {
        self.policy.backoff_base = base;
        self.policy.backoff_cap = cap;
        self
    }

    /// The longest body of an answer, after decompression: with one card or bank account, and with
    /// a customer or a list. Default: 256 KiB and 8 MiB.
    #[must_use]
    pub const fn max_response_bytes(mut self, one: usize, list: usize) -> Self {
        self.policy.max_body = one;
        self.policy.max_list_body = list;
        self
    }

    /// How many failures in a row open the circuit breaker, and for how long. Default: 5, 10 s.
    #[must_use]
    pub const fn breaker(mut self, failures: u32, open_for: Duration) -> Self {
        self.policy.breaker_failures = failures;
        self.policy.breaker_open_for = open_for;
        self
    }

    /// What the requests of [jobs](StripeVault::for_bulk) keep to; `None` lets them go as they come.
    /// Default: that of [`Rates`].
    #[must_use]
    pub const fn rates(mut self, rates: Option<Rates>) -> Self {
        self.policy.rates = rates;
        self
    }

    /// Everything that is wrong with the settings, by what they alone tell.
    #[must_use]
    pub fn problems(&self) -> Vec<InvalidStripeSettings> {
        let key = mode(self.api_key.expose_secret()).err();
        let base = base(&self.api_base).err();
        key.into_iter().chain(base).collect()
    }

    /// Builds the vault. Nothing is sent yet.
    ///
    /// # Errors
    /// The first of the [problems](Self::problems), or what this machine lacks.
    pub fn build(self) -> Result<StripeVault, InvalidStripeSettings> {
        StripeVault::new(self.transport()?, &self.api_key, self.policy)
    }

    /// The connections to the API, for vaults of this and other keys.
    pub(crate) fn transport(&self) -> Result<Transport, InvalidStripeSettings> {
        Transport::new(base(&self.api_base)?, &self.policy)
    }

    pub(crate) const fn policy(&self) -> &Policy {
        &self.policy
    }
}

/// Which mode a key is for, by its prefix.
///
/// # Errors
/// [`InvalidStripeSettings::ApiKey`] for one that can't read cards.
pub fn mode_of_key(key: &SecretString) -> Result<VaultMode, InvalidStripeSettings> {
    mode(key.expose_secret())
}

impl VaultKeyFormat for StripeKeyFormat {
    fn mode(&self, key: &SecretString) -> Result<VaultMode, NotAVaultKey> {
        mode_of_key(key).map_err(|error| NotAVaultKey(error.to_string()))
    }
}

fn mode(key: &str) -> Result<VaultMode, InvalidStripeSettings> {
    let rest = key.strip_prefix("sk_").or_else(|| key.strip_prefix("rk_"));
    let whole = key.len() < TOO_LONG && key.bytes().all(|byte| byte.is_ascii_graphic());
    match rest {
        Some(rest) if !rest.is_empty() && whole => {
            Ok(if rest.starts_with("live_") { VaultMode::Live } else { VaultMode::Test })
        }
        _ => Err(InvalidStripeSettings::ApiKey),
    }
}

/// The base without a slash at its end. In the clear only where nobody can listen.
fn base(text: &str) -> Result<Url, InvalidStripeSettings> {
    let url = Url::parse(text).map_err(|_| InvalidStripeSettings::ApiBase)?;
    let safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    let bare = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if safe && bare { Ok(url) } else { Err(InvalidStripeSettings::ApiBase) }
}

/// Whether a URL stays on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_secret_and_restricted_keys_are_taken() {
        assert_eq!(mode("sk_live_x").ok(), Some(VaultMode::Live));
        assert_eq!(mode("rk_live_x").ok(), Some(VaultMode::Live));
        assert_eq!(mode("sk_test_x").ok(), Some(VaultMode::Test));
        let long = format!("sk_{}", "a".repeat(4_093));
        for wrong in ["", "sk_", "pk_live_x", "sk_a b", "sk_a\r\nX: y", "sk_é", &long] {
            assert!(mode(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn in_the_clear_only_on_this_machine() {
        for good in [
            "https://api.stripe.com",
            "http://127.0.0.1:9",
            "http://localhost:9/",
            "http://[::1]:9",
        ] {
            assert!(base(good).is_ok(), "{good}");
        }
        for wrong in [
            "http://api.stripe.com",
            "http://192.168.0.1",
            "http://0.0.0.0:9",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://127.0.0.1@example.com",
            "api.stripe.com",
            "ftp://a",
            "https://u:p@a",
            "https://a?b",
            "",
        ] {
            assert!(base(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let builder = StripeVault::builder("pk_test_1".into());
        let builder = builder.api_base("http://api.stripe.com");
        let problems = builder.problems();
        assert!(matches!(
            problems.as_slice(),
            [InvalidStripeSettings::ApiKey, InvalidStripeSettings::ApiBase]
        ));
    }

    #[test]
    fn no_message_and_no_debug_repeats_the_key() {
        let builder = StripeVault::builder("pk_live_hunter2".into());
        assert!(!format!("{builder:?}").contains("hunter2"));
        let error = builder.build().err().expect("refused");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
