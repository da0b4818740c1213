//! How a server's certificate is verified.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Verifies against the certificates of this file, or against the system's.
pub(super) fn config(root_certificates: Option<&Path>) -> Result<ClientConfig, Failure> {
    let mut roots = RootCertStore::empty();
    match root_certificates {
        Some(path) => {
            let unreadable = |why| format!("sslrootcert {}: {why}", path.display());
            let certificates = CertificateDer::pem_file_iter(path);
            for certificate in certificates.map_err(|why| unreadable(why.to_string()))? {
                roots.add(certificate.map_err(|why| unreadable(why.to_string()))?)?;
            }
            if roots.is_empty() {
                return Err(unreadable("holds no certificate".into()).into());
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
