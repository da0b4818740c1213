//! The server, and the connections to it.

mod connection;
mod tls;
mod url;

use std::future::Future;
use std::time::Duration;

use cardlift_core::ports::StoreError;
use deadpool::Runtime;
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::{BuildError, Object, Pool, PoolError};
use thiserror::Error;

pub use self::url::UrlError;
use crate::error;

/// How a server is connected to.
#[derive(Clone)]
pub struct Options {
    /// `postgres://user:password@host:port/database?sslmode=..&sslrootcert=..`
    pub url: String,
    /// How many connections there are at most.
    pub connections: usize,
    /// How long one call may take, waiting for a connection included.
    pub timeout: Duration,
}

impl Options {
    /// The defaults for this URL: 16 connections, 10 seconds.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), connections: 16, timeout: Duration::from_secs(10) }
    }
}

/// The URL holds a password, so `Debug` does not show it.
impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { url: _, connections, timeout } = self;
        write!(f, "Options({connections} connections, {timeout:?})")
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
    pool: Pool<AsyncPgConnection>,
    timeout: Duration,
}

impl Postgres {
    /// Connects. The tables may still have to be made: see [`Postgres::migrate`].
    ///
    /// # Errors
    /// Each kind of [`OpenError`].
    pub async fn open(options: &Options) -> Result<Self, OpenError> {
        let target = url::Target::parse(&options.url)?;
        let server = target.server.clone();
        let manager = connection::manager(target, options.timeout);
        let pool = Pool::builder(manager)
            .runtime(Runtime::Tokio1)
            .max_size(options.connections.max(1))
            .timeouts(deadpool::managed::Timeouts {
                wait: Some(options.timeout),
                create: Some(options.timeout),
                recycle: Some(options.timeout),
            })
            .build()?;
        let opened = pool.get().await;
        drop(opened.map_err(|source| OpenError::Connect { server, source })?);
        Ok(Self { pool, timeout: options.timeout })
    }

    /// Runs one call of a port within its time.
    pub(crate) async fn call<T, E: From<StoreError>>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        cardlift_sql::bounded("postgres", operation, self.timeout, call).await
    }

    /// A connection, for the statements of one call.
    pub(crate) async fn connection(&self) -> Result<Object<AsyncPgConnection>, StoreError> {
        self.pool.get().await.map_err(error::from_pool)
    }

    /// A connection for work that is no call of a port.
    pub(crate) async fn raw_connection(&self) -> Result<Object<AsyncPgConnection>, PoolError> {
        self.pool.get().await
    }
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Postgres(..)")
    }
}
