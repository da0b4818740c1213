//! The audit trail in the file: nobody changes it by mistake, and what somebody changes on purpose is
//! found.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::audit::{AuditBatchId, ChainKey};
use cardlift_core::customer::{CustomerProfile, CustomerStatus};
use cardlift_core::ports::CustomerRepository as _;
use cardlift_core::use_cases::{AuditChain, AuditFlaw, AuditHead, VerifiedTrail, VerifyAudit};
use cardlift_sqlite::{Options, Sqlite};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use tempfile::TempDir;

const DROP_TRIGGERS: &str = "
    DROP TRIGGER audit_batch_is_not_updated;
    DROP TRIGGER audit_batch_is_not_deleted;
    DROP TRIGGER audit_link_is_not_updated;
    DROP TRIGGER audit_link_is_not_deleted";

fn key() -> ChainKey {
    ChainKey::new(&vec![7; ChainKey::LENGTH].into()).expect("a key")
}

/// A trail of four batches, of which the last waits to be chained.
struct Trail {
    stores: Arc<Sqlite>,
    connection: SqliteConnection,
    _folder: TempDir,
}

impl Trail {
    async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("cardlift.db");
        let stores = Sqlite::open(&Options::new(&path)).await.expect("a database");
        stores.migrate().await.expect("migrated");
        let path = path.to_str().expect("a path in UTF-8");
        let connection = SqliteConnection::establish(path).expect("a connection");
        let trail = Self { stores: Arc::new(stores), connection, _folder: folder };
        for _ in 0..3 {
            trail.tell().await;
        }
        let chain = AuditChain { trail: trail.stores.clone(), key: key() };
        let done = chain.run().await.expect("looked");
        assert!(done.failed.is_empty(), "{done:?}");
        assert_eq!(done.count(), 3);
        trail.tell().await;
        trail
    }

    async fn tell(&self) {
        let (profile, status) = (CustomerProfile::default(), CustomerStatus::Active);
        let at = Timestamp::UNIX_EPOCH;
        self.stores.create(AccountId::DEFAULT, &profile, status, at).await.expect("told");
    }

    async fn verify(&self, known: Option<AuditHead>) -> VerifiedTrail {
        let verify = VerifyAudit { trail: self.stores.clone(), key: key() };
        verify.run(AccountId::DEFAULT, known).await.expect("verified")
    }
}

#[tokio::test]
async fn what_was_told_is_neither_changed_nor_deleted() {
    let mut trail = Trail::open().await;
    for statement in [
        "UPDATE audit_batch SET items = '{}' WHERE id = 1",
        "UPDATE audit_batch SET account_id = account_id",
        "DELETE FROM audit_batch WHERE id = 4",
        "DELETE FROM audit_batch",
        "UPDATE audit_link SET position = 9 WHERE position = 3",
        "DELETE FROM audit_link WHERE position = 3",
        "DELETE FROM audit_link",
    ] {
        let refused = trail.connection.batch_execute(statement).expect_err(statement);
        assert_eq!(refused.to_string(), "the audit trail is never changed", "{statement}");
    }
}

fn batch(id: i64) -> AuditBatchId {
    AuditBatchId::try_from(id).expect("an id")
}

/// What is found where somebody who may do anything with the database does this.
async fn check(statement: &str, expected: &[AuditFlaw]) {
    let mut trail = Trail::open().await;
    assert_eq!(trail.verify(None).await.flaws, []);
    trail.connection.batch_execute(DROP_TRIGGERS).expect("dropped");
    trail.connection.batch_execute(statement).expect(statement);
    assert_eq!(trail.verify(None).await.flaws, expected, "{statement}");
}

#[tokio::test]
async fn a_change_that_was_edited_is_found() {
    let changed = [AuditFlaw::Changed(2, batch(2))];
    for edited in [
        "items = replace(items, 'program', 'command')",
        "items = items || char(10) || items",
        "subjects = '3'",
        "at = '1970-01-01 00:00:01+00:00'",
        "(subjects, items) = (SELECT subjects, items FROM audit_batch WHERE id = 3)",
    ] {
        check(&format!("UPDATE audit_batch SET {edited} WHERE id = 2"), &changed).await;
    }
    let replaced = "REPLACE INTO audit_batch SELECT id, 1, at, subjects, '{}' FROM audit_batch
                    WHERE id = 2";
    check(replaced, &changed).await;
}

#[tokio::test]
async fn a_change_that_was_deleted_is_found() {
    let gone = [AuditFlaw::BatchGone(2, batch(2))];
    check("DELETE FROM audit_batch WHERE id = 2", &gone).await;
    // Nor can it be given to another account.
    let account = "INSERT INTO account (id, name) VALUES (2, 'other')";
    let given = "UPDATE audit_batch SET account_id = 2 WHERE id = 2";
    check(&format!("{account}; {given}"), &gone).await;
}

#[tokio::test]
async fn a_link_that_was_changed_or_deleted_is_found() {
    let gone = [AuditFlaw::LinksGone { from: 2, to: 2 }, AuditFlaw::Stray(batch(2))];
    check("DELETE FROM audit_link WHERE position = 2", &gone).await;
    // The one after it does not follow from it any more.
    let changed = [AuditFlaw::Changed(2, batch(2)), AuditFlaw::Changed(3, batch(3))];
    check("UPDATE audit_link SET seal = randomblob(32) WHERE position = 2", &changed).await;
    let exchanged = "UPDATE audit_link SET batch_id = 9 WHERE position = 2;
                     UPDATE audit_link SET batch_id = 2 WHERE position = 3;
                     UPDATE audit_link SET batch_id = 3 WHERE position = 2";
    let changed = [AuditFlaw::Changed(2, batch(3)), AuditFlaw::Changed(3, batch(2))];
    check(exchanged, &changed).await;
}

#[tokio::test]
async fn a_change_that_is_kept_from_the_chain_is_found() {
    check("DELETE FROM audit_waiting WHERE id = 4", &[AuditFlaw::Stray(batch(4))]).await;
}

#[tokio::test]
async fn an_end_that_was_cut_off_is_found_by_who_knows_it() {
    let mut trail = Trail::open().await;
    let known = trail.verify(None).await.head.expect("an end");
    trail.connection.batch_execute(DROP_TRIGGERS).expect("dropped");
    let cut_off = "DELETE FROM audit_link WHERE position = 3; DELETE FROM audit_batch WHERE id = 3";
    trail.connection.batch_execute(cut_off).expect("cut off");
    let found = trail.verify(Some(known)).await;
    assert_eq!(found.flaws, [AuditFlaw::OtherHead(known)]);
    assert_eq!(trail.verify(None).await.flaws, [], "it is as if it had never been longer");
}
