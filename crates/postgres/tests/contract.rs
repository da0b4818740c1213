//! The adapter passes the suite, on a real server.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use cardlift_postgres::{MigrateError, OpenError, Options, Postgres};
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
    // Another version of the tables needs another template.
    let template = concat!("cardlift_", env!("CARGO_PKG_VERSION"), "_9");
    let made = cardlift_throwaway_postgres::database(template, migrate).await;
    let database = made.expect("a database");
    let stores = Postgres::open(&Options::new(database.url())).await.expect("connected");
    (Arc::new(stores), database)
}

cardlift_contract::contract_tests!(open);
