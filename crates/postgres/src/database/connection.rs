//! How one connection is set up.

use std::sync::Arc;
use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use futures_util::FutureExt;
use tokio_postgres::NoTls;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tls;
use super::url::Target;

/// What is to be known to connect there within this time.
pub(super) fn target(mut target: Target, timeout: Duration) -> Arc<Target> {
    target.config.application_name("cardlift");
    if target.config.get_connect_timeout().is_none() {
        target.config.connect_timeout(timeout);
    }
    // One that is dead without a word is noticed when nobody would wait for it any longer.
    if target.config.get_tcp_user_timeout().is_none() {
        target.config.tcp_user_timeout(timeout);
        target.config.keepalives_idle(timeout);
    }
    Arc::new(target)
}

/// How the server may look for rows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Planning {
    /// As it sees fit.
    Free,
    /// By keys, even where a table is small when a statement is prepared: it may be large later.
    ByKeys,
}

pub(super) fn manager(
    target: Arc<Target>,
    planning: Planning,
) -> AsyncDieselConnectionManager<AsyncPgConnection> {
    let mut config = ManagerConfig::default();
    // One that the server has closed is known to be, without asking it each time.
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |_url| connect(target.clone(), planning).boxed());
    // The URL stays with us: it is not what says how to connect.
    AsyncDieselConnectionManager::new_with_config("", config)
}

async fn connect(target: Arc<Target>, planning: Planning) -> ConnectionResult<AsyncPgConnection> {
    let mut connection = if target.config.get_ssl_mode() == SslMode::Disable {
        let (client, connection) =
            target.config.connect(NoTls).await.map_err(|error| failed(&error))?;
        AsyncPgConnection::try_from_client_and_connection(client, connection).await?
    } else {
        let tls = tls::config(target.root_certificates.as_deref());
        let tls = tls.map_err(|error| ConnectionError::BadConnection(error.to_string()))?;
        let connected = target.config.connect(MakeRustlsConnect::new(tls)).await;
        let (client, connection) = connected.map_err(|error| failed(&error))?;
        AsyncPgConnection::try_from_client_and_connection(client, connection).await?
    };
    match planning {
        Planning::Free => {}
        Planning::ByKeys => {
            let set = connection.batch_execute("SET enable_seqscan = off").await;
            set.map_err(ConnectionError::CouldntSetupConfiguration)?;
        }
    }
    Ok(connection)
}

/// What was met, down to its cause: "error connecting to server" alone helps nobody.
fn failed(error: &tokio_postgres::Error) -> ConnectionError {
    let causes = std::iter::successors(Some::<&dyn std::error::Error>(error), |e| e.source());
    let texts: Vec<_> = causes.map(ToString::to_string).collect();
    ConnectionError::BadConnection(texts.join(": "))
}
