//! A database for a test.

use std::future::Future;
use std::sync::OnceLock;

use tokio_postgres::{Client, NoTls};
use url::Url;

use crate::{Cluster, ClusterOptions, ThrowawayError};

/// The number of the advisory lock under which templates are made.
const LOCK: i64 = 0x7468_726f_7761_7779;

/// A database that is this test's alone. It is dropped with this.
#[derive(Debug)]
pub struct TestDatabase {
    server: Url,
    name: String,
    url: String,
}

/// Makes a database from a template, which `migrate` makes from an empty one, the first time that
/// it is asked for on this server. Any number of processes may ask at once.
///
/// `template` names what `migrate` does: another content needs another name.
///
/// # Errors
/// Each kind of [`ThrowawayError`].
pub async fn database<F, E>(
    template: &str,
    migrate: impl FnOnce(String) -> F,
) -> Result<TestDatabase, ThrowawayError>
where
    F: Future<Output = Result<(), E>>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let server = server()?;
    let client = connect(&server).await?;
    let template = format!("template_{template}");
    client.execute("SELECT pg_advisory_lock($1)", &[&LOCK]).await?;
    let query = "SELECT 1 FROM pg_database WHERE datname = $1";
    if client.query_opt(query, &[&template]).await?.is_none() {
        // One that is being made has another name, so that half of one is never taken for whole.
        let half = format!("{template}_half");
        client.batch_execute(&format!("DROP DATABASE IF EXISTS \"{half}\" WITH (FORCE)")).await?;
        client.batch_execute(&format!("CREATE DATABASE \"{half}\"")).await?;
        let migrated = migrate(at(&server, &half)).await;
        migrated.map_err(|error| ThrowawayError::Migrate(error.into()))?;
        close_all(&client, &half).await?;
        let rename = format!("ALTER DATABASE \"{half}\" RENAME TO \"{template}\"");
        client.batch_execute(&rename).await?;
    }
    let name = format!("test_{}", random());
    let clone = format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"");
    client.batch_execute(&clone).await?;
    // The lock goes with the connection.
    Ok(TestDatabase { url: at(&server, &name), server, name })
}

/// Makes a role on the server that may log in and nothing else, unless there is one of this name. Its
/// password is its name. It stays for as long as the server does.
///
/// # Errors
/// Each kind of [`ThrowawayError`].
pub async fn role(name: &str) -> Result<(), ThrowawayError> {
    let client = connect(&server()?).await?;
    let (quoted, password) = (name.replace('"', "\"\""), name.replace('\'', "''"));
    let create = format!(
        "DO $$ BEGIN CREATE ROLE \"{quoted}\" LOGIN PASSWORD '{password}'; \
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    );
    client.batch_execute(&create).await?;
    Ok(())
}

impl TestDatabase {
    /// The URL of the database.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URL of the database for a role that [`role`] made.
    ///
    /// # Errors
    /// [`ThrowawayError::Url`], where the URL is one that no role can stand in.
    pub fn url_as(&self, role: &str) -> Result<String, ThrowawayError> {
        let mut url = Url::parse(&self.url).map_err(|_| ThrowawayError::Url)?;
        url.set_username(role).map_err(|()| ThrowawayError::Url)?;
        url.set_password(Some(role)).map_err(|()| ThrowawayError::Url)?;
        Ok(url.into())
    }
}

impl Drop for TestDatabase {
    /// On a thread of its own, since the test's runtime can't be waited for here.
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let dropped = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async {
                let client = connect(&server).await.ok()?;
                let drop = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
                client.batch_execute(&drop).await.ok()
            })
        });
        // A database that is left over does no harm to the next test.
        let _ended = dropped.join();
    }
}

/// The server of this process: the one that is named, or a cluster of our own.
fn server() -> Result<Url, ThrowawayError> {
    static CLUSTER: OnceLock<Result<Cluster, String>> = OnceLock::new();
    let named = std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty());
    let url = if let Some(url) = named {
        url
    } else {
        let start = || Cluster::start(&ClusterOptions::default()).map_err(|e| e.to_string());
        let cluster = CLUSTER.get_or_init(start).as_ref();
        let failed = |output: &String| ThrowawayError::Program {
            what: "there is no Postgres to test with",
            output: output.clone(),
        };
        cluster.map_err(failed)?.url("postgres")
    };
    Url::parse(&url).map_err(|_| ThrowawayError::Url)
}

fn at(server: &Url, database: &str) -> String {
    let mut url = server.clone();
    url.set_path(database);
    url.into()
}

async fn connect(server: &Url) -> Result<Client, ThrowawayError> {
    let (client, connection) = tokio_postgres::connect(server.as_str(), NoTls).await?;
    // It ends with the client; what went wrong the client is told.
    tokio::spawn(connection);
    Ok(client)
}

/// A template can't be cloned while somebody is connected to it, and a connection that was closed
/// lingers for a moment on the server.
async fn close_all(client: &Client, database: &str) -> Result<(), ThrowawayError> {
    let close = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1";
    client.execute(close, &[&database]).await?;
    Ok(())
}

fn random() -> String {
    let number = getrandom::u64().unwrap_or_else(|_| std::process::id().into());
    format!("{}_{number:016x}", std::process::id())
}
