//! The server, and the connections to it.

mod connection;
mod connections;
mod tls;
mod url;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use cardlift_core::account::AccountId;
use cardlift_core::ports::StoreError;
use cardlift_sql::Merge;
use cardlift_sql::key_cache::KeyCache;
use deadpool::Runtime;
use deadpool::managed::{QueueMode, Timeouts};
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::{BuildError, PoolError};
use thiserror::Error;

use self::connection::Planning;
pub(crate) use self::connections::{Connection, Connections, FirstStatement, Whose};
use self::url::Target;
pub use self::url::UrlError;
use crate::error;
use crate::merged::Merged;

/// How a server is connected to.
#[derive(Clone)]
pub struct Options {
    /// `postgres://user:password@host:port/database?sslmode=..&sslrootcert=..`
    pub url: String,
    /// How many connections there are at most.
    pub connections: usize,
    /// How long one call may take, waiting for a connection included.
    pub timeout: Duration,
    /// Whether what is asked at the same time is looked up, and saved, together.
    pub merge: Merge,
}

impl Options {
    /// The defaults for this URL: 16 connections, 10 seconds, merged.
    pub fn new(url: impl Into<String>) -> Self {
        let (timeout, merge) = (Duration::from_secs(10), Merge::default());
        Self { url: url.into(), connections: 16, timeout, merge }
    }
}

/// The URL holds a password, so `Debug` does not show it.
impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { url: _, connections, timeout, merge } = self;
        write!(f, "Options({connections} connections, {timeout:?}, merge: {merge:?})")
    }
}

/// A server could not be connected to. No text of it holds the password.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The URL can't be understood.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// The pool could not be made.
    #[error("the connection pool could not be made")]
    Pool(#[from] BuildError),
    /// There was no connection to be had.
    #[error("no connection to Postgres at {server}")]
    Connect {
        /// Host and port.
        server: String,
        /// What was met.
        source: PoolError,
    },
}

/// All the stores, in one Postgres database. A clone is another handle on the same connections.
#[derive(Clone)]
pub struct Postgres {
    pool: Connections,
    timeout: Duration,
    pub(crate) keys: Arc<KeyCache>,
    pub(crate) merged: Option<Arc<Merged>>,
}

impl Postgres {
    /// Connects. The tables may still have to be made: see [`Postgres::migrate`].
    ///
    /// # Errors
    /// Each kind of [`OpenError`].
    pub async fn open(options: &Options) -> Result<Self, OpenError> {
        let target = connection::target(Target::parse(&options.url)?, options.timeout);
        let connections = options.connections.max(1);
        let own = match options.merge {
            Merge::Concurrent if connections > Merged::CONNECTIONS => Merged::CONNECTIONS,
            _ => 0,
        };
        let pool = |size, planning| pool(&target, size, options.timeout, planning);
        let rest = pool(connections - own, Planning::Free)?;
        let opened = rest.working_for(Whose::of(AccountId::DEFAULT)).await;
        let server = || target.server.clone();
        drop(opened.map_err(|source| OpenError::Connect { server: server(), source })?);
        // A connection is driven by the thread that made it: theirs by one that serves.
        let of_merged = if own > 0 { pool(own, Planning::ByKeys)? } else { rest.clone() };
        let merged = match options.merge {
            Merge::Concurrent => Some(Arc::new(Merged::new(&of_merged, options.timeout))),
            Merge::Never => None,
        };
        Ok(Self { pool: rest, timeout: options.timeout, keys: Arc::default(), merged })
    }

    /// Runs one call of a port within its time.
    pub(crate) async fn call<T, E: From<StoreError>>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        cardlift_sql::bounded("postgres", operation, self.timeout, call).await
    }

    /// The same of a call that changes keys, or what is found with them.
    pub(crate) async fn changing_keys<T, E: From<StoreError>>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let result = self.call(operation, call).await;
        self.keys.forget();
        result
    }

    /// A connection for the statements of one call, which sees the rows of this account.
    pub(crate) async fn connection_for(
        &self,
        account: AccountId,
    ) -> Result<Connection, StoreError> {
        self.connection_of(Whose::of(account)).await
    }

    /// The same for several accounts.
    pub(crate) async fn connection_for_each(
        &self,
        accounts: impl IntoIterator<Item = AccountId>,
    ) -> Result<Connection, StoreError> {
        self.connection_of(Whose::of_ids(accounts.into_iter().map(AccountId::get))).await
    }

    /// The same across all accounts, for what is by its nature of no single one. Each caller says why.
    pub(crate) async fn connection_across(&self) -> Result<Connection, StoreError> {
        self.connection_of(Whose::everybodys()).await
    }

    async fn connection_of(&self, whose: Whose) -> Result<Connection, StoreError> {
        self.pool.working_for(whose).await.map_err(error::from_pool)
    }

    /// A connection for work that is no call of a port. It is not used again after that.
    pub(crate) async fn connection_apart(&self) -> Result<AsyncPgConnection, PoolError> {
        self.pool.take().await
    }
}

fn pool(
    target: &Arc<Target>,
    size: usize,
    timeout: Duration,
    planning: Planning,
) -> Result<Connections, BuildError> {
    let manager = connection::manager(target.clone(), planning);
    let timeouts = Timeouts { wait: Some(timeout), create: Some(timeout), recycle: Some(timeout) };
    Connections::new(manager, timeout, |pool| {
        let pool = pool.runtime(Runtime::Tokio1).max_size(size).timeouts(timeouts);
        // The one used last has all that it needs at hand, and so has its process in the server.
        pool.queue_mode(QueueMode::Lifo)
    })
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Postgres(..)")
    }
}
