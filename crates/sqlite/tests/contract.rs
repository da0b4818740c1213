//! The adapter passes the suite, on a file.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use cardlift_sqlite::{Options, Sqlite};
use tempfile::TempDir;

async fn open() -> (Arc<Sqlite>, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = Options::new(folder.path().join("cardlift.db"));
    let stores = Sqlite::open(&options).await.expect("a database");
    stores.migrate().await.expect("migrated");
    (Arc::new(stores), folder)
}

cardlift_contract::contract_tests!(open);
