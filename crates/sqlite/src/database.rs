//! The file, and the connections to it.

mod connection;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cardlift_core::audit::Actor;
use cardlift_core::ports::StoreError;
use cardlift_sql::Merge;
use cardlift_sql::key_cache::KeyCache;
use diesel::SqliteConnection;
use diesel::result::QueryResult;
use diesel_async::pooled_connection::deadpool::{BuildError, Pool, PoolError};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use thiserror::Error;

use crate::error;
use crate::stores::{Saving, saving};

pub(crate) type Connection = SyncConnectionWrapper<SqliteConnection>;

/// How a file is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The file; it is made where there is none.
    pub path: PathBuf,
    /// How many connections read at once. One writes.
    pub readers: usize,
    /// How long one call may take, waiting for a connection or for another writer included.
    pub timeout: Duration,
    /// Whether what is saved at the same time is committed together.
    pub merge: Merge,
}

impl Options {
    /// The defaults for this file: four readers, 10 seconds, merged.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let (timeout, merge) = (Duration::from_secs(10), Merge::default());
        Self { path: path.into(), readers: 4, timeout, merge }
    }
}

/// A file could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The path is not text that SQLite takes.
    #[error("the path of a SQLite file must be UTF-8 and must not be empty")]
    Path,
    /// The pool could not be made.
    #[error("the connection pool could not be made")]
    Pool(#[from] BuildError),
    /// The file could not be opened, or is no database.
    #[error(
        "{path} could not be opened as a SQLite database: check that its folder exists and can \
         be written to"
    )]
    File {
        /// The file.
        path: String,
        /// What SQLite says.
        source: PoolError,
    },
}

/// All the stores, in one SQLite file. A clone is another handle on the same connections.
#[derive(Clone)]
pub struct Sqlite {
    writer: Pool<Connection>,
    readers: Pool<Connection>,
    timeout: Duration,
    pub(crate) keys: Arc<KeyCache>,
    pub(crate) saving: Option<Arc<Saving>>,
}

impl Sqlite {
    /// Opens the file, and checks that it is a database. Its tables may still have to be made:
    /// see [`Sqlite::migrate`].
    ///
    /// # Errors
    /// Each kind of [`OpenError`].
    pub async fn open(options: &Options) -> Result<Self, OpenError> {
        let path = options.path.to_str().filter(|path| !path.is_empty());
        let path = path.ok_or(OpenError::Path)?.to_owned();
        make_private(&options.path);
        let pool = |size| connection::pool(&path, size, options.timeout);
        let (writer, readers) = (pool(1)?, pool(options.readers.max(1))?);
        // The writer goes first: it is the one that makes the file and turns WAL on.
        for pool in [&writer, &readers] {
            let opened = pool.get().await;
            drop(opened.map_err(|source| OpenError::File { path: path.clone(), source })?);
        }
        let saving = match options.merge {
            Merge::Concurrent => Some(Arc::new(saving(&writer, options.timeout))),
            Merge::Never => None,
        };
        Ok(Self { writer, readers, timeout: options.timeout, keys: Arc::default(), saving })
    }

    /// Runs a read.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&mut SqliteConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let result = self.bounded(operation, run(&self.readers, work)).await?;
        result.map_err(error::from_diesel)
    }

    /// Runs a write in one immediate transaction, durable when this returns. It is done on behalf of who
    /// asks for it, though on another thread.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&mut SqliteConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.try_write(operation, work).await?.map_err(error::from_diesel)
    }

    /// The same of a write that changes keys, or what is found with them.
    pub(crate) async fn change_keys<T: Send + 'static>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&mut SqliteConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let result = self.write(operation, work).await;
        self.keys.forget();
        result
    }

    /// The same, for a caller that looks at what the database said.
    pub(crate) async fn try_write<T: Send + 'static>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&mut SqliteConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<QueryResult<T>, StoreError> {
        self.bounded(operation, self.transact(work)).await
    }

    /// The same, for a call of a port that has its bound.
    pub(crate) async fn transact<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut SqliteConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<QueryResult<T>, StoreError> {
        let actor = Actor::current();
        let transaction = move |connection: &mut SqliteConnection| {
            actor.does_now(|| connection.immediate_transaction(work))
        };
        run(&self.writer, transaction).await
    }

    /// Runs one call of a port within its time.
    pub(crate) async fn bounded<T, E: From<StoreError>>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        cardlift_sql::bounded("sqlite", operation, self.timeout, call).await
    }

    /// A connection for work that is no call of a port.
    pub(crate) async fn writer(
        &self,
    ) -> Result<impl std::ops::DerefMut<Target = Connection> + use<>, PoolError> {
        self.writer.get().await
    }
}

async fn run<T: Send + 'static>(
    pool: &Pool<Connection>,
    work: impl FnOnce(&mut SqliteConnection) -> QueryResult<T> + Send + 'static,
) -> Result<QueryResult<T>, StoreError> {
    let mut connection = pool.get().await.map_err(error::from_pool)?;
    Ok(connection.spawn_blocking(work).await)
}

/// Makes a file that is not there yet, for its owner alone: it will hold personal data, and SQLite
/// gives the files beside it the same permissions. What can't be made SQLite tells of when it
/// opens it.
fn make_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _made_or_not = options.open(path);
}

impl std::fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sqlite(..)")
    }
}
