//! A server that writes all it can, and what was said by it and by commands.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cardlift_tests::{Answer, Backend, Finished, MASTER_KEY, Program, Run, client};
use reqwest::{Client, Method};
use serde_json::Value;
use tempfile::TempDir;
use tokio_postgres::NoTls;
use url::Url;

use super::PASSWORD;

/// The role of Postgres that has the tables.
const OWNER: &str = "cardlift_planted";

pub(crate) struct Place {
    pub(crate) backend: Backend,
    /// What `DATABASE_URL` is set to.
    pub(crate) url: String,
    pub(crate) base: String,
    /// The base URL of the sandbox.
    pub(crate) vault: String,
    /// A key as it was issued.
    pub(crate) key: String,
    /// All keys that were issued, the secrets inside of them, and the master key.
    pub(crate) secrets: Vec<String>,
    /// All answers, and all that commands wrote; but each key once that was issued.
    pub(crate) said: String,
    format: &'static str,
    server: Program,
    sandbox: Program,
    folder: TempDir,
    client: Client,
}

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) verb: Method,
    /// With its query.
    pub(crate) path: String,
    /// By their names.
    pub(crate) headers: BTreeMap<&'static str, String>,
    pub(crate) body: String,
}

impl Sent {
    pub(crate) fn new(verb: Method, path: &str) -> Self {
        Self { verb, path: path.to_owned(), headers: BTreeMap::new(), body: String::new() }
    }

    /// With this header, instead of another of the name.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.insert(name, value.into());
        self
    }

    pub(crate) fn body(self, media_type: &str, body: impl Into<String>) -> Self {
        Self { body: body.into(), ..self.header("Content-Type", media_type) }
    }
}

impl Place {
    pub(crate) async fn new(backend: Backend, format: &'static str) -> Self {
        let run = Run::new(&["sandbox", "--listen", "127.0.0.1:0"]);
        let (sandbox, vault) = Program::serve(run).await;
        let url = database_url(&backend).await;
        let run = || set_up(&backend, &url, &vault, format);
        let create = ["key", "create", "--scope", "import,read,manage,admin"];
        let made = run().args(&create).finish().await;
        let key = made.stdout.trim().to_owned();
        let secrets = vec![key.clone(), secret(&key), master_key(&backend)];
        let run = run().args(&["serve", "--listen", "127.0.0.1:0"]);
        let run = run.env("CARDLIFT_METRICS_LISTEN", "127.0.0.1:0");
        let (server, base) = Program::serve(run).await;
        let folder = tempfile::tempdir().expect("a folder");
        let said = made.stderr;
        let client = client();
        Self {
            backend,
            url,
            base,
            vault,
            key,
            secrets,
            said,
            format,
            server,
            sandbox,
            folder,
            client,
        }
    }

    /// Sends a request, with the key unless it has another, and gives the status of the answer, and the
    /// answer.
    pub(crate) async fn ask(&mut self, sent: &Sent) -> (u16, String) {
        let url = format!("{}{}", self.base, sent.path);
        let mut request = self.client.request(sent.verb.clone(), url).body(sent.body.clone());
        if !sent.headers.contains_key("Authorization") {
            request = request.header("Authorization", format!("Basic {}", self.key));
        }
        for (name, value) in &sent.headers {
            request = request.header(*name, value);
        }
        let answer = request.send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), format!("{:?}", answer.headers()));
        let text = format!("{headers}\n{}\n", answer.text().await.expect("a text"));
        self.said.push_str(&text);
        (status, text)
    }

    /// Asks for a key, and looks for it from then on.
    pub(crate) async fn issue(&mut self, sent: &Sent) {
        let (status, text) = self.ask(sent).await;
        assert_eq!(status, 200, "{text}");
        // The body comes after the headers.
        let body = text.trim_end().lines().next_back().expect("a body");
        let issued: Value = serde_json::from_str(body).expect("JSON");
        let issued = issued.get("key").and_then(Value::as_str).expect("a key");
        self.said = self.said.replacen(issued, "", 1);
        self.secrets.extend([issued.to_owned(), secret(issued)]);
    }

    /// Keeps an answer that was asked for byte by byte.
    pub(crate) fn note(&mut self, answer: &Answer) {
        self.said.push_str(&answer.head);
        self.said.push_str(&answer.body);
    }

    /// Runs a command to its end.
    pub(crate) async fn command(&mut self, arguments: &[&str]) -> Finished {
        let url = self.url.clone();
        self.command_on(&url, arguments).await
    }

    /// The same on another database.
    pub(crate) async fn command_on(&mut self, url: &str, arguments: &[&str]) -> Finished {
        let run = set_up(&self.backend, url, &self.vault, self.format);
        let finished = run.args(arguments).finish().await;
        self.said.push_str(&finished.stdout);
        self.said.push_str(&finished.stderr);
        finished
    }

    /// The path of a new file with this text.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.to_str().expect("a path in UTF-8").to_owned()
    }

    /// All metrics, as they are now.
    pub(crate) async fn metrics(&self) -> String {
        self.server.counted().await
    }

    /// Ends the server, and gives its log.
    pub(crate) async fn end(mut self) -> String {
        self.server.signal("TERM").await;
        assert_eq!(self.server.ended().await, Some(0));
        let log = self.server.written();
        self.sandbox.stop().await;
        if self.format == "json" {
            for line in log.lines().filter(|line| !line.starts_with("Cardlift is listening")) {
                serde_json::from_str::<Value>(line).expect("a line is an object");
            }
        }
        log
    }
}

/// The secret inside of a key.
pub(crate) fn secret(key: &str) -> String {
    let decoded = String::from_utf8(STANDARD.decode(key).expect("base64")).expect("text");
    decoded.strip_prefix("0:").expect("the prefix").to_owned()
}

/// What secrets in the database are sealed under: it stands in the environment, or in the file beside a
/// database on this machine.
fn master_key(backend: &Backend) -> String {
    let key = match backend {
        Backend::Sqlite(folder) => {
            std::fs::read_to_string(folder.path().join("cardlift.db.master-key")).expect("a key")
        }
        Backend::Postgres(_) => MASTER_KEY.to_owned(),
    };
    // However it is padded.
    let key = key.trim().trim_end_matches('=').to_owned();
    assert!(key.len() > 40, "a key of 32 bytes in base64");
    key
}

/// What `DATABASE_URL` is set to. On Postgres it has the password of a role that may make the tables.
async fn database_url(backend: &Backend) -> String {
    let Backend::Postgres(database) = backend else { return backend.url() };
    cardlift_throwaway_postgres::role(OWNER).await.expect("a role");
    let (client, connection) =
        tokio_postgres::connect(database.url(), NoTls).await.expect("connected");
    tokio::spawn(connection);
    let statements =
        format!("ALTER ROLE {OWNER} PASSWORD '{PASSWORD}'; GRANT ALL ON SCHEMA public TO {OWNER}");
    client.batch_execute(&statements).await.expect("it may make them");
    let mut url = Url::parse(&database.url_as(OWNER).expect("a URL")).expect("a URL");
    url.set_password(Some(PASSWORD)).expect("it has a place for one");
    url.into()
}

/// The program on this database.
fn set_up(backend: &Backend, url: &str, vault: &str, format: &str) -> Run {
    backend
        .run(&[])
        .env("DATABASE_URL", url)
        .env("CARDLIFT_LOG", "trace")
        .env("CARDLIFT_LOG_FORMAT", format)
        .env("STRIPE_API_KEY", "sk_test_planted")
        .env("STRIPE_API_BASE", vault)
}
