//! A certificate and its key, out of two files.

use std::io;
use std::path::{Path, PathBuf};

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};
use thiserror::Error;

/// The setting of the certificate.
pub(crate) const CERT: &str = "CARDLIFT_TLS_CERT";

/// The setting of its key.
pub(crate) const KEY: &str = "CARDLIFT_TLS_KEY";

/// Where a certificate and its key are.
#[derive(Debug, Clone)]
pub(crate) struct PairFiles {
    pub(crate) cert: PathBuf,
    pub(crate) key: PathBuf,
}

/// What the two files hold. It has no `Debug`, since one of them is secret.
#[derive(Hash)]
pub(crate) struct Contents {
    cert: Vec<u8>,
    key: Vec<u8>,
}

/// Why files can't be used. No text repeats anything of them, or their paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub(crate) enum PairProblem {
    #[error("can't be read: {1}; it must be the path of a PEM file that Cardlift may read")]
    Unreadable(&'static str, io::ErrorKind),
    #[error("holds no certificate in PEM (BEGIN CERTIFICATE)")]
    NoCertificate,
    #[error("holds a certificate that can't be understood; the server's own must come first")]
    BadCertificate,
    #[error("holds no private key in PEM (BEGIN PRIVATE KEY); one with a passphrase is not taken")]
    NoKey,
    #[error("holds a key that can't be used; RSA, ECDSA on P-256 or P-384, and Ed25519 can")]
    BadKey,
    #[error("is not the key of the first certificate in {CERT}; both must be renewed together")]
    OtherKey,
}

impl PairProblem {
    /// The setting that is to be seen to.
    pub(crate) const fn setting(self) -> &'static str {
        match self {
            Self::Unreadable(setting, _) => setting,
            Self::NoCertificate | Self::BadCertificate => CERT,
            Self::NoKey | Self::BadKey | Self::OtherKey => KEY,
        }
    }
}

impl PairFiles {
    /// The certificate and its key.
    pub(crate) fn load(&self) -> Result<CertifiedKey, PairProblem> {
        self.read()?.parse()
    }

    /// What the files hold now. It waits for the disk.
    pub(super) fn read(&self) -> Result<Contents, PairProblem> {
        Ok(Contents { cert: read(CERT, &self.cert)?, key: read(KEY, &self.key)? })
    }
}

fn read(setting: &'static str, path: &Path) -> Result<Vec<u8>, PairProblem> {
    std::fs::read(path).map_err(|error| PairProblem::Unreadable(setting, error.kind()))
}

impl Contents {
    /// The certificate with those that lead to its authority, and the key, which must be its own.
    pub(super) fn parse(&self) -> Result<CertifiedKey, PairProblem> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&self.cert).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty());
        let chain = chain.ok_or(PairProblem::NoCertificate)?;
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| PairProblem::NoKey)?;
        let key = ring::default_provider().key_provider.load_private_key(key);
        let pair = CertifiedKey::new(chain, key.map_err(|_| PairProblem::BadKey)?);
        match pair.keys_match() {
            Ok(()) => Ok(pair),
            Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
                Err(PairProblem::OtherKey)
            }
            // Our provider's keys tell what their public key is.
            Err(_) => Err(PairProblem::BadCertificate),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use rcgen::{CertificateParams, KeyPair};
    use tempfile::TempDir;

    use super::*;

    /// A certificate for this name, and its key, in PEM.
    pub(crate) fn made(name: &str) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let cert = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        (cert.self_signed(&key).expect("signed").pem(), key.serialize_pem())
    }

    /// Files with these texts.
    pub(crate) fn files(cert: &str, key: &str) -> (TempDir, PairFiles) {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let files = PairFiles { cert: at("cert.pem"), key: at("key.pem") };
        std::fs::write(&files.cert, cert).expect("written");
        std::fs::write(&files.key, key).expect("written");
        (folder, files)
    }

    fn problem(cert: &str, key: &str) -> PairProblem {
        let (_folder, files) = files(cert, key);
        files.load().expect_err("they can't be used")
    }

    #[test]
    fn a_certificate_and_its_key_are_a_pair() {
        let ((cert, key), (other, _)) = (made("localhost"), made("authority"));
        let (_folder, files) = files(&format!("{cert}{other}"), &key);
        assert_eq!(files.load().expect("a pair").cert.len(), 2);
    }

    #[test]
    fn what_is_no_pair_is_told_apart() {
        let ((cert, key), (_, other)) = (made("localhost"), made("localhost"));
        assert_eq!(problem(&cert, &other), PairProblem::OtherKey);
        assert_eq!(problem("", &key), PairProblem::NoCertificate);
        assert_eq!(problem(&key, &key), PairProblem::NoCertificate);
        assert_eq!(
            problem(cert.trim_end_matches(['-', '\n', 'E']), &key),
            PairProblem::NoCertificate
        );
        assert_eq!(problem(&cert, &cert), PairProblem::NoKey);
        let pem = |kind: &str| format!("-----BEGIN {kind}-----\nAAAA\n-----END {kind}-----\n");
        assert_eq!(problem(&pem("CERTIFICATE"), &key), PairProblem::BadCertificate);
        assert_eq!(problem(&cert, &pem("PRIVATE KEY")), PairProblem::BadKey);
    }

    #[test]
    fn a_file_that_can_t_be_read_is_told_by_its_setting_and_not_by_its_path() {
        let (cert, key) = made("localhost");
        for (gone, setting) in [("cert.pem", CERT), ("key.pem", KEY)] {
            let (folder, files) = files(&cert, &key);
            std::fs::remove_file(folder.path().join(gone)).expect("removed");
            let problem = files.load().expect_err("it is gone");
            assert_eq!(problem.setting(), setting);
            let text = problem.to_string();
            assert!(text.starts_with("can't be read: ") && !text.contains(gone), "{text}");
        }
    }
}
