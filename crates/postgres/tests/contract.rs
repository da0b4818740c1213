//! The adapter passes the suite, on a real server.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use cardlift_postgres::{Merge, MigrateError, OpenError, Options, Postgres};
use cardlift_throwaway_postgres::TestDatabase;

#[derive(Debug, thiserror::Error)]
enum TemplateError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Migrate(#[from] MigrateError),
}

async fn migrate(url: String) -> Result<(), TemplateError> {
    Postgres::open(&Options::new(url)).await?.migrate().await?;
    Ok(())
}

async fn open() -> (Arc<Postgres>, TestDatabase) {
    open_with(Merge::Concurrent).await
}

async fn open_with(merge: Merge) -> (Arc<Postgres>, TestDatabase) {
    // Another version of the tables needs another template.
    let template = concat!("cardlift_", env!("CARGO_PKG_VERSION"), "_13_12");
    let made = cardlift_throwaway_postgres::database(template, migrate).await;
    let database = made.expect("a database");
    let options = Options { merge, ..Options::new(database.url()) };
    let stores = Postgres::open(&options).await.expect("connected");
    (Arc::new(stores), database)
}

cardlift_contract::contract_tests!(open);

mod one_by_one {
    use super::{Arc, Merge, Postgres, TestDatabase, open_with};

    async fn open() -> (Arc<Postgres>, TestDatabase) {
        open_with(Merge::Never).await
    }

    cardlift_contract::contract_tests!(open);
}
