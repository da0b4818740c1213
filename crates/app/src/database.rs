//! Whichever database the settings name.

use std::path::Path;
use std::sync::Arc;

use cardlift_core::account::{Account, AccountId, AccountName};
use cardlift_core::api_key::ApiKey;
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::ports::{AccountRepository, ApiKeyStore, StoreError, Stores};
use cardlift_postgres::{Postgres, Wall};
use cardlift_sqlite::Sqlite;
use secrecy::ExposeSecret;

use crate::failure::Failure;
use crate::settings::{DatabaseSettings, DatabaseUrl};

/// The stores of one database, and what brings its tables up to date.
pub(crate) enum Database {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Database {
    /// Opens the database. Its tables are as they are.
    pub(crate) async fn open(settings: &DatabaseSettings) -> Result<Self, Failure> {
        let DatabaseSettings { url, connections, timeout, merge } = settings.clone();
        Ok(match url {
            DatabaseUrl::Sqlite(path) => {
                let mut options = cardlift_sqlite::Options::new(path);
                // One of the connections writes.
                options.readers = connections.saturating_sub(1);
                options.timeout = timeout;
                options.merge = merge;
                Self::Sqlite(Sqlite::open(&options).await?)
            }
            DatabaseUrl::Postgres(url) => {
                let mut options = cardlift_postgres::Options::new(url.expose_secret());
                options.connections = connections;
                options.timeout = timeout;
                options.merge = merge;
                Self::Postgres(Postgres::open(&options).await?)
            }
        })
    }

    /// Opens a database that is there, and brings its tables up to date: for a command that has
    /// nothing to do in a new one.
    pub(crate) async fn open_existing(
        settings: &DatabaseSettings,
    ) -> Result<Arc<dyn Stores>, Failure> {
        match settings.url.missing_file() {
            Some(path) => Err(Failure::because(missing(path))),
            None => Self::open_migrated(settings).await,
        }
    }

    /// Opens the database, which is made where it is a file that is not there, and brings its
    /// tables up to date.
    pub(crate) async fn open_migrated(
        settings: &DatabaseSettings,
    ) -> Result<Arc<dyn Stores>, Failure> {
        let database = Self::open(settings).await?;
        let migrations = database.migrate().await?;
        for migration in &migrations {
            tracing::debug!(migration, "migrated");
        }
        if let Some(last) = migrations.last() {
            let count = migrations.len();
            tracing::info!(migrations = count, last, "the tables were brought up to date");
        }
        Ok(database.into_stores())
    }

    pub(crate) async fn migrate(&self) -> Result<Vec<String>, Failure> {
        Ok(match self {
            Self::Sqlite(sqlite) => sqlite.migrate().await?,
            Self::Postgres(postgres) => postgres.migrate().await?,
        })
    }

    pub(crate) async fn pending_migrations(&self) -> Result<Vec<String>, Failure> {
        Ok(match self {
            Self::Sqlite(sqlite) => sqlite.pending_migrations().await?,
            Self::Postgres(postgres) => postgres.pending_migrations().await?,
        })
    }

    /// Lets a role of Postgres do what serving needs. With SQLite there are none.
    pub(crate) async fn grant_to(&self, role: &str) -> Result<(), Failure> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(postgres) => Ok(postgres.grant_to(role).await?),
        }
    }

    /// Whether row-level security holds for the role that is connected, where there is any.
    pub(crate) async fn wall(&self) -> Result<Option<Wall>, Failure> {
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::Postgres(postgres) => Ok(Some(postgres.wall().await?)),
        }
    }

    pub(crate) fn into_stores(self) -> Arc<dyn Stores> {
        match self {
            Self::Sqlite(sqlite) => Arc::new(sqlite),
            Self::Postgres(postgres) => Arc::new(postgres),
        }
    }
}

/// That there is no such file, and what to do: most often this is another folder than was thought.
fn missing(path: &Path) -> String {
    format!(
        "there is no database at {}: set DATABASE_URL, or change to the folder that it is in",
        path.display()
    )
}

/// The account of this name, where there is one.
pub(crate) async fn account(
    accounts: &dyn AccountRepository,
    name: &AccountName,
) -> Result<Account, Failure> {
    let found = accounts.find_by_name(name).await?;
    found.ok_or_else(|| Failure::because(format!("there is no account named {name}")))
}

/// Every account, in the order they were made.
pub(crate) async fn accounts(accounts: &dyn AccountRepository) -> Result<Vec<Account>, StoreError> {
    every(async |page| accounts.list_accounts(SortOrder::Ascending, page).await).await
}

/// Every key of an account, oldest first, revoked ones too.
pub(crate) async fn keys(
    keys: &dyn ApiKeyStore,
    account: AccountId,
) -> Result<Vec<ApiKey>, StoreError> {
    every(async |page| keys.list_keys(account, SortOrder::Ascending, page).await).await
}

/// All that a list has, page by page.
pub(crate) async fn every<T, E>(
    list: impl AsyncFn(PageRequest) -> Result<Page<T>, E>,
) -> Result<Vec<T>, E> {
    let (mut all, mut number) = (Vec::new(), 0);
    while let Some(page) = PageRequest::new(number, PageRequest::LARGEST) {
        let Page { items, total } = list(page).await?;
        let ended = items.is_empty();
        all.extend(items);
        if ended || u64::try_from(all.len()).is_ok_and(|count| count >= total) {
            break;
        }
        number += 1;
    }
    Ok(all)
}
