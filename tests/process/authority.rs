//! An authority, its certificates, and the files that they are served from.

use std::path::PathBuf;

use cardlift_tests::Run;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use reqwest::tls::TlsInfo;
use reqwest::{Certificate, ClientBuilder};
use tempfile::TempDir;

/// Whom clients trust.
pub(crate) struct Authority {
    root: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key.
pub(crate) struct Pair {
    pub(crate) cert: String,
    pub(crate) key: String,
    der: Vec<u8>,
}

/// Where a server has its certificate from. Gone when dropped.
pub(crate) struct Files(TempDir);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let root = authority.self_signed(&key).expect("a root").pem();
        Self { root, issuer: Issuer::new(authority, key) }
    }

    pub(crate) fn pair(&self) -> Pair {
        self.pair_with("127.0.0.1", |_| ())
    }

    /// A certificate for this name or address, changed in this way.
    pub(crate) fn pair_with(&self, name: &str, change: fn(&mut CertificateParams)) -> Pair {
        let key = KeyPair::generate().expect("a key");
        let mut server = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        change(&mut server);
        let cert = server.signed_by(&key, &self.issuer).expect("signed");
        Pair { cert: cert.pem(), key: key.serialize_pem(), der: cert.der().to_vec() }
    }

    /// Its own certificate.
    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    /// A client that trusts it, and nobody else.
    pub(crate) fn client(&self) -> ClientBuilder {
        // It has rustls's provider installed.
        let _plain = cardlift_tests::client();
        let root = Certificate::from_pem(self.root.as_bytes()).expect("a certificate");
        reqwest::Client::builder().no_proxy().tls_certs_only([root]).tls_info(true)
    }
}

impl Pair {
    /// Whether an answer came over a connection with this certificate.
    pub(crate) fn was_served(&self, answer: &reqwest::Response) -> bool {
        let info = answer.extensions().get::<TlsInfo>().expect("TLS");
        info.peer_certificate() == Some(&self.der)
    }
}

impl Files {
    pub(crate) fn with(pair: &Pair) -> Self {
        let files = Self(tempfile::tempdir().expect("a temporary folder"));
        files.write(&pair.cert, &pair.key);
        files
    }

    pub(crate) fn write(&self, cert: &str, key: &str) {
        std::fs::write(self.cert(), cert).expect("written");
        std::fs::write(self.key(), key).expect("written");
    }

    pub(crate) fn cert(&self) -> PathBuf {
        self.0.path().join("cert.pem")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.0.path().join("key.pem")
    }

    /// A server with these files.
    pub(crate) fn in_use(&self, serve: Run) -> Run {
        serve.env("CARDLIFT_TLS_CERT", self.cert()).env("CARDLIFT_TLS_KEY", self.key())
    }
}
