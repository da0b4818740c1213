//! How one connection is set up.

use std::time::{Duration, Instant};

use deadpool::Runtime;
use diesel::connection::SimpleConnection;
use diesel::{Connection as _, ConnectionError, ConnectionResult, QueryResult, SqliteConnection};
use diesel_async::pooled_connection::deadpool::{BuildError, Pool};
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use futures_util::FutureExt;

use super::Connection;
use crate::error;

/// The most pages that a write-ahead log keeps between checkpoints (4 KiB each).
const LOG_PAGES: u32 = 4_000;

/// How much of a file a connection keeps in memory, in KiB: what an import writes is scattered over
/// the indexes, and is read again and again where there is room for little.
const CACHE: u32 = 8_192;

/// How long to leave a file alone that another process is setting up.
const LOCKED_WAIT: Duration = Duration::from_millis(5);

/// A pool of connections to this file. No call on it waits for longer than the time-out.
pub(super) fn pool(
    path: &str,
    size: usize,
    timeout: Duration,
) -> Result<Pool<Connection>, BuildError> {
    let mut config = ManagerConfig::<Connection>::default();
    // A connection to a file does not go away by itself.
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |path| open(path.to_owned(), timeout).boxed());
    let manager = AsyncDieselConnectionManager::new_with_config(path, config);
    let builder = Pool::builder(manager).runtime(Runtime::Tokio1).max_size(size);
    builder.wait_timeout(Some(timeout)).build()
}

async fn open(path: String, timeout: Duration) -> ConnectionResult<Connection> {
    let opened = tokio::task::spawn_blocking(move || open_blocking(&path, timeout)).await;
    let joined = opened.map_err(|error| ConnectionError::BadConnection(error.to_string()))?;
    joined.map(Connection::new)
}

fn open_blocking(path: &str, timeout: Duration) -> ConnectionResult<SqliteConnection> {
    let mut connection = SqliteConnection::establish(path)?;
    let settings = format!(
        "PRAGMA busy_timeout = {};
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -{CACHE};
         PRAGMA wal_autocheckpoint = {LOG_PAGES};",
        timeout.as_millis(),
    );
    let set = connection.batch_execute(&settings);
    let set = set.and_then(|()| turn_wal_on(&mut connection, Instant::now() + timeout));
    set.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// Two processes that turn WAL on in a new file at once would wait for each other for ever, so
/// SQLite refuses one of them at once, whatever the time-out. That one asks again: by then it is on.
fn turn_wal_on(connection: &mut SqliteConnection, deadline: Instant) -> QueryResult<()> {
    loop {
        match connection.batch_execute("PRAGMA journal_mode = WAL") {
            Err(error) if error::is_locked(&error) && Instant::now() < deadline => {
                std::thread::sleep(LOCKED_WAIT);
            }
            done => return done,
        }
    }
}
