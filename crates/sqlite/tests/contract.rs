//! The adapter passes the suite, on a file.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use cardlift_sqlite::{Merge, Options, Sqlite};
use tempfile::TempDir;

async fn open() -> (Arc<Sqlite>, TempDir) {
    open_with(Merge::Concurrent).await
}

async fn open_with(merge: Merge) -> (Arc<Sqlite>, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = Options { merge, ..Options::new(folder.path().join("cardlift.db")) };
    let stores = Sqlite::open(&options).await.expect("a database");
    stores.migrate().await.expect("migrated");
    (Arc::new(stores), folder)
}

cardlift_contract::contract_tests!(open);

mod one_by_one {
    use super::{Arc, Merge, Sqlite, TempDir, open_with};

    async fn open() -> (Arc<Sqlite>, TempDir) {
        open_with(Merge::Never).await
    }

    cardlift_contract::contract_tests!(open);
}
