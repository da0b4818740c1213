//! The audit trail, seen past the ports.
#![expect(clippy::expect_used, reason = "a test that meets what it does not expect has failed")]

use std::convert::Infallible;
use std::sync::Arc;

use cardlift_contract::suite::rows;
use cardlift_core::account::AccountId;
use cardlift_core::audit::ChainKey;
use cardlift_core::use_cases::{AuditChain, AuditFlaw, VerifiedTrail, VerifyAudit};
use cardlift_postgres::{Options, Postgres};
use cardlift_throwaway_postgres::TestDatabase;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, SimpleAsyncConnection as _};

fn key() -> ChainKey {
    ChainKey::new(&vec![7; ChainKey::LENGTH].into()).expect("a key")
}

/// A database in which something was changed, and chained; and a connection of the owner's.
async fn told() -> (Arc<Postgres>, AsyncPgConnection, TestDatabase) {
    let nothing = |_url: String| async { Ok::<(), Infallible>(()) };
    let database = cardlift_throwaway_postgres::database("empty", nothing).await;
    let database = database.expect("a database");
    let stores = Postgres::open(&Options::new(database.url())).await.expect("connected");
    stores.migrate().await.expect("migrated");
    let stores = Arc::new(stores);
    rows::delete_one(stores.clone()).await;
    let chain = AuditChain { trail: stores.clone(), key: key() };
    let done = chain.run().await.expect("looked");
    assert!(done.failed.is_empty(), "{done:?}");
    assert!(done.batches >= 3);
    let connection = AsyncPgConnection::establish(database.url()).await.expect("a connection");
    (stores, connection, database)
}

async fn verify(stores: &Arc<Postgres>) -> VerifiedTrail {
    let verify = VerifyAudit { trail: stores.clone(), key: key() };
    verify.run(AccountId::DEFAULT, None).await.expect("verified")
}

#[tokio::test]
async fn not_even_the_owner_changes_the_trail_by_mistake() {
    let (stores, mut owner, _database) = told().await;
    for statement in [
        "UPDATE audit_batch SET items = '{}'",
        "DELETE FROM audit_batch",
        "TRUNCATE audit_batch",
        "UPDATE audit_link SET seal = sha256('')",
        "DELETE FROM audit_link",
        "TRUNCATE audit_link",
    ] {
        let error = owner.batch_execute(statement).await.expect_err(statement).to_string();
        assert!(error.contains("the audit trail is never changed"), "{statement}: {error}");
    }
    assert_eq!(verify(&stores).await.flaws, []);
}

#[tokio::test]
async fn what_somebody_changes_who_takes_the_lock_off_is_found() {
    let (stores, mut owner, _database) = told().await;
    let sound = verify(&stores).await;
    let edit = "ALTER TABLE audit_batch DISABLE TRIGGER ALL;
        UPDATE audit_batch SET items = replace(items, '\"action\"', '\"Action\"')
        WHERE (account_id, id) = (SELECT account_id, batch_id FROM audit_link WHERE position = 2)";
    owner.batch_execute(edit).await.expect("edited");
    let found = verify(&stores).await;
    assert!(matches!(found.flaws.as_slice(), [AuditFlaw::Changed(2, _)]), "{found:?}");
    assert_eq!(found.head, sound.head);
    let delete = "DELETE FROM audit_batch
        WHERE (account_id, id) = (SELECT account_id, batch_id FROM audit_link WHERE position = 2)";
    owner.batch_execute(delete).await.expect("deleted");
    let found = verify(&stores).await;
    assert!(matches!(found.flaws.as_slice(), [AuditFlaw::BatchGone(2, _)]), "{found:?}");
}

#[tokio::test]
async fn a_batch_whose_link_somebody_takes_away_is_found() {
    let (stores, mut owner, _database) = told().await;
    let cut = "ALTER TABLE audit_link DISABLE TRIGGER ALL;
        DELETE FROM audit_link WHERE position = (SELECT max(position) FROM audit_link)";
    owner.batch_execute(cut).await.expect("cut");
    let found = verify(&stores).await;
    assert!(matches!(found.flaws.as_slice(), [AuditFlaw::Stray(_)]), "{found:?}");
}
