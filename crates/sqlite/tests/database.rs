//! Opening and migrating a file.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use cardlift_core::account::AccountName;
use cardlift_core::ports::{AccountRepository, Readiness, StoreErrorKind};
use cardlift_sqlite::{OpenError, Options, Sqlite};

async fn open(folder: &tempfile::TempDir) -> Sqlite {
    let options = Options::new(folder.path().join("cardlift.db"));
    Sqlite::open(&options).await.expect("a database")
}

#[tokio::test]
async fn the_tables_go_up_down_and_up_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let stores = open(&folder).await;
    let pending = stores.pending_migrations().await.expect("asked");
    assert!(!pending.is_empty());
    assert_eq!(stores.migrate().await.expect("up").len(), pending.len());
    assert!(stores.pending_migrations().await.expect("asked").is_empty());
    assert!(stores.migrate().await.expect("up to date").is_empty());
    stores.check().await.expect("ready");
    stores.revert_all_migrations().await.expect("down");
    stores.migrate().await.expect("up again");
    stores.check().await.expect("ready");
}

#[tokio::test]
async fn processes_that_start_together_migrate_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut starts = tokio::task::JoinSet::new();
    let path = folder.path().join("cardlift.db");
    for _ in 0..8 {
        let options = Options::new(&path);
        starts.spawn(async move {
            let stores = Sqlite::open(&options).await.expect("a database");
            stores.migrate().await.expect("migrated").len()
        });
    }
    let run: Vec<usize> = starts.join_all().await;
    assert_eq!(run.iter().filter(|run| **run > 0).count(), 1, "{run:?}");
}

#[tokio::test]
async fn what_was_written_is_there_after_opening_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let name = AccountName::parse("acme").expect("a name");
    let first = open(&folder).await;
    first.migrate().await.expect("migrated");
    let made = first.ensure(&name).await.expect("made");
    drop(first);
    let found = open(&folder).await.find_by_name(&name).await.expect("found");
    assert_eq!(found, Some(made));
}

#[tokio::test]
async fn without_tables_it_is_not_ready() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let error = open(&folder).await.check().await.expect_err("no tables");
    assert_eq!(error.kind(), StoreErrorKind::Failed);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let error = Sqlite::open(&Options::new("/nowhere/at/all/cardlift.db")).await;
    let error = error.expect_err("no folder");
    assert!(matches!(error, OpenError::File { .. }));
    assert!(error.to_string().contains("/nowhere/at/all/cardlift.db"), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "not a database ".repeat(100)).expect("written");
    let error = Sqlite::open(&Options::new(&path)).await.expect_err("no database");
    assert!(matches!(error, OpenError::File { .. }), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_made_can_be_read_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("a temporary folder");
    let stores = open(&folder).await;
    stores.migrate().await.expect("migrated");
    let files = std::fs::read_dir(folder.path()).expect("a folder");
    // The last six bits: what the group and others may do.
    let modes: Vec<u32> = files
        .map(|file| {
            file.expect("a file").metadata().expect("its data").permissions().mode() % 0o100
        })
        .collect();
    assert!(modes.len() >= 2, "the file, and what stands beside it while it is open");
    assert!(modes.iter().all(|others| *others == 0), "{modes:?}");
}
