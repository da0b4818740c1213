//! What the URL of a database says.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use thiserror::Error;
use tokio_postgres::config::{Host, SslMode};

/// A database URL can't be understood. Nothing of it is repeated: it holds a password.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UrlError {
    /// It has another form.
    #[error("the database URL must be postgres://USER:PASSWORD@HOST:PORT/DATABASE: {reason}")]
    Form {
        /// What was wrong.
        reason: String,
    },
    /// Its `sslmode` is none that there is.
    #[error(
        "sslmode in the database URL must be one of disable, prefer, require, verify-ca and \
         verify-full"
    )]
    SslMode,
}

/// Where to connect to, and how.
#[derive(Clone)]
pub(super) struct Target {
    /// All but TLS.
    pub(super) config: tokio_postgres::Config,
    /// The file of the certificates to trust instead of the system's.
    pub(super) root_certificates: Option<PathBuf>,
    /// Host and port, to name the server by.
    pub(super) server: String,
}

impl Target {
    pub(super) fn parse(url: &str) -> Result<Self, UrlError> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        if !base.starts_with("postgres://") && !base.starts_with("postgresql://") {
            return Err(UrlError::Form { reason: "it starts with something else".into() });
        }
        // tokio-postgres knows neither `sslrootcert` nor the modes that verify.
        let (ours, theirs): (Vec<_>, Vec<_>) = query
            .split('&')
            .partition(|pair| pair.starts_with("sslmode=") || pair.starts_with("sslrootcert="));
        let ours = ours.join("&");
        let option = |name: &str| {
            let mut pairs = ::url::form_urlencoded::parse(ours.as_bytes());
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        // Of a password with an @ in it, the end would be taken for a host, and told as one.
        if base.matches('@').count() > 1 {
            let reason = "an @ in user, password or database must be written %40".into();
            return Err(UrlError::Form { reason });
        }
        let config = tokio_postgres::Config::from_str(&format!("{base}?{}", theirs.join("&")));
        let mut config = config.map_err(|error| UrlError::Form { reason: reason(&error) })?;
        config.ssl_mode(match option("sslmode").as_deref() {
            None if is_local(&config) => SslMode::Disable,
            Some("disable") => SslMode::Disable,
            Some("prefer") => SslMode::Prefer,
            None | Some("require" | "verify-ca" | "verify-full") => SslMode::Require,
            Some(_) => return Err(UrlError::SslMode),
        });
        let root_certificates = option("sslrootcert").map(PathBuf::from);
        Ok(Self { server: server(&config), config, root_certificates })
    }
}

fn is_local(config: &tokio_postgres::Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

fn server(config: &tokio_postgres::Config) -> String {
    let host = config.get_hosts().first().map_or_else(String::new, |host| match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    });
    format!("{host}:{}", config.get_ports().first().unwrap_or(&5432))
}

/// What the parser met, without what it met it in.
fn reason(error: &tokio_postgres::Error) -> String {
    let source = std::error::Error::source(error);
    source.map_or_else(|| error.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, mode: SslMode, server: &str) {
        let target = Target::parse(url).expect("a good URL");
        assert_eq!((target.config.get_ssl_mode(), target.server.as_str()), (mode, server), "{url}");
    }

    #[test]
    fn without_a_mode_tls_is_for_servers_elsewhere() {
        check("postgres://a:b@127.0.0.1:6000/c", SslMode::Disable, "127.0.0.1:6000");
        check("postgres://a:b@localhost/c", SslMode::Disable, "localhost:5432");
        check("postgres://a@[::1]/c", SslMode::Disable, "::1:5432");
        check("postgres://a@%2Frun%2Fpostgresql/c", SslMode::Disable, "/run/postgresql:5432");
        check("postgresql://a:b@db.example.com/c", SslMode::Require, "db.example.com:5432");
        check("postgres://a:b@10.0.0.1/c?application_name=x", SslMode::Require, "10.0.0.1:5432");
    }

    #[test]
    fn the_mode_that_is_asked_for_holds() {
        for (mode, expected) in [
            ("disable", SslMode::Disable),
            ("prefer", SslMode::Prefer),
            ("require", SslMode::Require),
            ("verify-ca", SslMode::Require),
            ("verify-full", SslMode::Require),
        ] {
            let url = format!("postgres://a:b@db.example.com/c?sslmode={mode}");
            check(&url, expected, "db.example.com:5432");
        }
    }

    #[test]
    fn the_root_certificate_is_a_path() {
        let url = "postgres://a:b@h/c?connect_timeout=3&sslrootcert=/etc/my%20ca.pem";
        let target = Target::parse(url).expect("a good URL");
        assert_eq!(target.root_certificates, Some(PathBuf::from("/etc/my ca.pem")));
        assert_eq!(target.config.get_connect_timeout().map(std::time::Duration::as_secs), Some(3));
    }

    #[test]
    fn a_bad_url_is_refused_without_its_password() {
        for url in [
            "mysql://a:hunter2@h/c",
            "postgres://a:hunter2@h:port/c",
            "postgres://a:hunter2@h/c?nonsense=hunter2x",
            "postgres://a:hunter2@h/c?sslmode=maybe",
            "postgres://a:b@hunter2@h/c",
            "postgres://a:b@hunter2/x@h/c",
        ] {
            let error = Target::parse(url).err().expect("a bad URL").to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
