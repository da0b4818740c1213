//! The certificate that is served now.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// The certificate for connections to come. Those that stand keep theirs.
pub(crate) struct Served(RwLock<Arc<CertifiedKey>>);

impl Served {
    /// Starts with this one.
    pub(crate) fn new(pair: CertifiedKey) -> Self {
        Self(RwLock::new(Arc::new(pair)))
    }

    /// Serves another from now on; says whether it is another.
    pub(super) fn replace(&self, pair: CertifiedKey) -> bool {
        let mut served = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let other = served.cert != pair.cert;
        *served = Arc::new(pair);
        other
    }

    fn now(&self) -> Arc<CertifiedKey> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ResolvesServerCert for Served {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.now())
    }
}

/// Nothing of the key.
impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Served").finish_non_exhaustive()
    }
}

/// TLS 1.2 and 1.3 with that certificate, for HTTP/1.1.
pub(crate) fn server_config(served: Arc<Served>) -> Result<ServerConfig, rustls::Error> {
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?;
    let mut config = config.with_no_client_auth().with_cert_resolver(served);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::super::pair::tests::{files, made};
    use super::*;

    #[test]
    fn another_pair_is_told_from_the_same_again() {
        let load = |(cert, key): &(String, String)| files(cert, key).1.load().expect("a pair");
        let (first, second) = (made("localhost"), made("localhost"));
        let served = Served::new(load(&first));
        assert!(!served.replace(load(&first)));
        assert!(served.replace(load(&second)));
        assert_eq!(served.now().cert, load(&second).cert);
    }
}
