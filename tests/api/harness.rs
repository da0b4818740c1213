//! A server with a key, its customers and a vault.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cardlift_tests::{Answer, Backend, CUSTOMERS, Program, Run, StandIn, send};

pub(crate) const PATH: &str = "/v1/paymentMethodImport/Stripe";

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

/// A command on a database.
pub(crate) fn on(backend: &Backend, arguments: &[&str]) -> Run {
    Run::new(arguments).env("DATABASE_URL", backend.url())
}

/// Loads customers 1 and 2526546.
pub(crate) async fn load_customers(backend: &Backend) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("customers.csv");
    std::fs::write(&file, CUSTOMERS).expect("a file");
    let file = file.to_str().expect("a path in UTF-8");
    on(backend, &["customers", "load", file]).succeed().await;
}

impl Server {
    pub(crate) async fn on(backend: Backend) -> Self {
        Self::over(backend, Vault::sandbox().await).await
    }

    pub(crate) async fn over(backend: Backend, vault: Vault) -> Self {
        load_customers(&backend).await;
        let key = on(&backend, &["key", "create"]).succeed().await.trim().to_owned();
        let run = on(&backend, &["serve", "--listen", "127.0.0.1:0"])
            .env("STRIPE_API_KEY", "sk_test_standin")
            .env("STRIPE_API_BASE", vault.base());
        let (program, base) = Program::serve(run).await;
        Self { program, _vault: vault, backend, base, key }
    }

    /// Posts these bytes, with the key as it was issued.
    pub(crate) async fn import(&self, body: &str) -> Answer {
        self.import_with(body, "").await
    }

    /// Posts these bytes with further headers, each with its end of line.
    pub(crate) async fn import_with(&self, body: &str, headers: &str) -> Answer {
        let request = format!(
            "POST {PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Authorization: Basic {}\r\nContent-Type: application/json\r\n{headers}\
             Content-Length: {}\r\n\r\n{body}",
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

    /// Ends it, and gives what it wrote and the database that it leaves.
    pub(crate) async fn end(self) -> (String, Backend) {
        let Self { program, backend, .. } = self;
        let written = program.written();
        assert_eq!(program.stop().await, Some(0));
        (written, backend)
    }
}
