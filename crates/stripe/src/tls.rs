//! TLS to the vault: rustls, and the certificates that this machine trusts.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

use crate::builder::InvalidStripeSettings;

/// The certificates are the machine's; `SSL_CERT_FILE` and `SSL_CERT_DIR` name others.
pub(crate) fn config() -> Result<ClientConfig, InvalidStripeSettings> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(InvalidStripeSettings::NoRootCertificates);
    }
    with_roots(roots)
}

/// For a vault on this machine, which is spoken to without TLS.
pub(crate) fn none() -> Result<ClientConfig, InvalidStripeSettings> {
    with_roots(RootCertStore::empty())
}

fn with_roots(roots: RootCertStore) -> Result<ClientConfig, InvalidStripeSettings> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = versions.map_err(InvalidStripeSettings::Tls)?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
