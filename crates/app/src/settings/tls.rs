//! Settings of TLS, and of where plain HTTP may go.

use std::net::SocketAddr;

use clap::Args;
use rustls::sign::CertifiedKey;

use super::Problems;
use super::parse::{given, on};
use crate::tls::{CERT, KEY, PairFiles};

/// What to do where others could listen in on the API.
const IN_THE_CLEAR: &str = "is an address that other machines reach, and API keys and cards would go over it in the \
     clear: set CARDLIFT_TLS_CERT and CARDLIFT_TLS_KEY to serve TLS; or, where something before \
     Cardlift ends TLS, CARDLIFT_ALLOW_PLAIN_HTTP=on";

/// The same of the metrics, which are not served over TLS.
const METRICS_IN_THE_CLEAR: &str = "is an address that other machines reach, and metrics are served in the clear to whoever \
     asks: use a loopback address; or, where only your own machines reach it, set \
     CARDLIFT_ALLOW_PLAIN_HTTP=on";

#[derive(Debug, Args)]
pub(crate) struct TlsArgs {
    /// The certificate that TLS is served with, then those between it and its authority: a PEM file
    /// [default: none, which is plain HTTP]
    #[arg(long, env = "CARDLIFT_TLS_CERT", value_name = "FILE")]
    tls_cert: Option<String>,
    /// The key of the certificate: a PEM file, without a passphrase
    #[arg(long, env = "CARDLIFT_TLS_KEY", value_name = "FILE")]
    tls_key: Option<String>,
    /// Whether plain HTTP may be served where other machines reach it: on or off [default: off]
    #[arg(
        long,
        env = "CARDLIFT_ALLOW_PLAIN_HTTP",
        value_name = "on|off",
        num_args = 0..=1,
        default_missing_value = "on"
    )]
    allow_plain_http: Option<String>,
}

/// How the API is served.
#[derive(Debug)]
pub(crate) enum Tls {
    /// In the clear.
    Off,
    /// With this certificate, until there is another in these files.
    On(PairFiles, CertifiedKey),
}

impl TlsArgs {
    /// The settings, for a server that listens at these addresses, so far as they are known.
    pub(super) fn parse(
        &self,
        problems: &mut Problems,
        listen: Option<SocketAddr>,
        metrics_listen: Option<SocketAddr>,
    ) -> Option<Tls> {
        let allowed = given(self.allow_plain_http.as_deref()).map_or(Ok(false), on);
        let allowed = problems.take("CARDLIFT_ALLOW_PLAIN_HTTP", allowed);
        let tls = self.pair(problems);
        // One problem of TLS at a time.
        if allowed == Some(false) {
            if matches!(tls, Some(Tls::Off)) && listen.is_some_and(others_reach) {
                problems.add("CARDLIFT_LISTEN", IN_THE_CLEAR);
            }
            if metrics_listen.is_some_and(others_reach) {
                problems.add("CARDLIFT_METRICS_LISTEN", METRICS_IN_THE_CLEAR);
            }
        }
        allowed.and(tls)
    }

    fn pair(&self, problems: &mut Problems) -> Option<Tls> {
        let files = match (given(self.tls_cert.as_deref()), given(self.tls_key.as_deref())) {
            (None, None) => return Some(Tls::Off),
            (Some(cert), Some(key)) => PairFiles { cert: cert.into(), key: key.into() },
            (cert, _) => {
                let missing = if cert.is_none() { CERT } else { KEY };
                problems.add(missing, "must be set too: TLS needs a certificate and its key");
                return None;
            }
        };
        match files.load() {
            Ok(pair) => Some(Tls::On(files, pair)),
            Err(problem) => {
                problems.add(problem.setting(), problem);
                None
            }
        }
    }
}

/// Whether other machines may reach an address. `::ffff:127.0.0.1` is a loopback address, too.
fn others_reach(address: SocketAddr) -> bool {
    !address.ip().to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_are_out_of_reach_of_others() {
        for loopback in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
            assert!(!others_reach(loopback.parse().expect("an address")), "{loopback}");
        }
        for open in ["0.0.0.0:1", "[::]:1", "192.168.0.1:1", "[::ffff:0.0.0.0]:1", "[fe80::1]:1"] {
            assert!(others_reach(open.parse().expect("an address")), "{open}");
        }
    }
}
