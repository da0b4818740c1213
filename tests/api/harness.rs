//! A server with a key, its customers and a vault.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cardlift_tests::{Answer, Backend, Program, Run, StandIn, import, send};

/// A server on an empty database of this kind, over a sandbox of its own.
pub(crate) struct Server {
    program: Program,
    _vault: Vault,
    backend: Backend,
    pub(crate) base: String,
    /// The key as issued.
    pub(crate) key: String,
}

/// The vault that a server reads.
pub(crate) enum Vault {
    Sandbox { _program: Program, base: String },
    StandIn(StandIn),
}

impl Vault {
    pub(crate) async fn sandbox() -> Self {
        let run = Run::new(&["sandbox", "--listen", "127.0.0.1:0"]);
        let (program, base) = Program::serve(run).await;
        Self::Sandbox { _program: program, base }
    }

    fn base(&self) -> &str {
        match self {
            Self::Sandbox { base, .. } => base,
            Self::StandIn(stand_in) => stand_in.base(),
        }
    }
}

impl Server {
    pub(crate) async fn on(backend: Backend) -> Self {
        Self::over(backend, Vault::sandbox().await).await
    }

    pub(crate) async fn over(backend: Backend, vault: Vault) -> Self {
        backend.load_documented().await;
        let key = backend.key().await;
        let run = backend
            .run(&["serve", "--listen", "127.0.0.1:0"])
            .env("STRIPE_API_KEY", "sk_test_standin")
            .env("STRIPE_API_BASE", vault.base())
            // A tool that tries each operation with a wrong key expects to be told so each time.
            .env("CARDLIFT_WRONG_KEYS", "off");
        let (program, base) = Program::serve(run).await;
        Self { program, _vault: vault, backend, base, key }
    }

    /// Posts these bytes, with the key as it was issued.
    pub(crate) async fn import(&self, body: &str) -> Answer {
        self.import_with(body, "").await
    }

    /// Posts these bytes with further headers, each with its end of line.
    pub(crate) async fn import_with(&self, body: &str, headers: &str) -> Answer {
        import(&self.base, &self.key, headers, body).await
    }

    /// Sends a request with the key: a verb and a path, and a body where there is one.
    pub(crate) async fn ask(&self, line: &str, body: &str) -> Answer {
        let request = format!(
            "{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Authorization: Basic {}\r\nContent-Length: {}\r\n\r\n{body}",
            self.key,
            body.len()
        );
        send(&self.base, &request).await
    }

    /// The secret inside of the key.
    pub(crate) fn secret(&self) -> String {
        let decoded = STANDARD.decode(&self.key).expect("base64");
        let decoded = String::from_utf8(decoded).expect("text");
        decoded.strip_prefix("0:").expect("the prefix").to_owned()
    }

    /// Ends it, and gives the database that it leaves.
    pub(crate) async fn end(self) -> Backend {
        assert_eq!(self.program.stop().await, Some(0));
        self.backend
    }
}
