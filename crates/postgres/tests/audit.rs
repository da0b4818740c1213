//! The audit trail, seen past the ports.
#![expect(clippy::expect_used, reason = "a test that meets what it does not expect has failed")]

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use cardlift_contract::suite::rows;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::audit::ChainKey;
use cardlift_core::external_id::ExternalCardId;
use cardlift_core::instrument::Instrument;
use cardlift_core::payment_method::{NewPaymentMethod, SaveOutcome};
use cardlift_core::ports::PaymentMethodStore as _;
use cardlift_core::use_cases::{AuditChain, AuditFlaw, VerifiedTrail, VerifyAudit};
use cardlift_postgres::{Merge, Options, Postgres};
use cardlift_throwaway_postgres::TestDatabase;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, SimpleAsyncConnection as _};
use futures_util::future::join_all;
use tokio::time::timeout;

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
    assert!(done.count() >= 3);
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

/// Rows that nobody's batches can be, and one whose digest is none, before what is told next.
#[tokio::test]
async fn what_is_no_batch_keeps_none_from_being_chained() {
    let (stores, mut owner, _database) = told().await;
    let plant = "
        ALTER TABLE audit_waiting DROP CONSTRAINT audit_waiting_items_digest_check;
        INSERT INTO audit_batch (account_id, id, at, subjects, items) OVERRIDING SYSTEM VALUE
        VALUES (0, 900, now(), '1', '{}'), (-1, 901, now(), '1', '{}'), (1, -5, now(), '1', '{}'),
            (1, 902, now(), '1', '{}');
        INSERT INTO audit_waiting (account_id, id, items_digest)
        VALUES (0, 900, sha256('{}')), (-1, 901, sha256('{}')), (1, -5, sha256('{}')),
            (1, 902, '');";
    owner.batch_execute(plant).await.expect("planted");
    save(&stores, 1).await;
    let chain = AuditChain { trail: stores.clone(), key: key() };
    let done = chain.run().await.expect("looked");
    assert_eq!((done.count(), done.failed.len()), (2, 0), "{done:?}");
    let found = verify(&stores).await;
    assert!(matches!(found.flaws.as_slice(), [AuditFlaw::Changed(..)]), "{found:?}");
}

/// Somebody who chains and does not end, and another import of the same customer that was not
/// committed yet. It is of another card: `merged.rs` has one of the same.
const HELD: &str = "
    BEGIN;
    LOCK TABLE audit_link IN ACCESS EXCLUSIVE MODE;
    INSERT INTO payment_method (account_id, customer_id, kind, external_customer_id,
        external_card_id, brand, last_four, expiry_month, expiry_year, holder_name, funding,
        is_default, created_at, updated_at)
    VALUES (1, 1, 'card', 'cus_1', 'card_theirs', 'Visa', '4242', 1, 2030, '', 'credit', false,
        now(), now());
    WITH written AS (
        INSERT INTO audit_batch (account_id, at, subjects, items) VALUES (1, now(), '1', '{}')
        RETURNING account_id, id
    )
    INSERT INTO audit_waiting (account_id, id, items_digest)
    SELECT account_id, id, sha256('{}') FROM written";

/// Saves a card that is not there, of the customer that is.
async fn save(stores: &Postgres, number: u32) {
    let NewPaymentMethod { customer, instrument, default } = rows::bare_payment_method();
    let Instrument::Card(mut card) = instrument else { unreachable!("it is a card") };
    card.external_card = ExternalCardId::parse(&format!("card_{number}")).expect("an id");
    let new = NewPaymentMethod { customer, instrument: card.into(), default };
    let saved = stores.save(AccountId::DEFAULT, &new, Timestamp::UNIX_EPOCH).await;
    assert_eq!(saved.expect("saved").outcome, SaveOutcome::Imported);
}

#[tokio::test]
async fn an_import_waits_neither_for_the_chain_nor_for_another() {
    let (stores, mut owner, database) = told().await;
    let options = Options { merge: Merge::Never, ..Options::new(database.url()) };
    let one_by_one = Postgres::open(&options).await.expect("connected");
    let before = verify(&stores).await.changes;
    owner.batch_execute(HELD).await.expect("held");
    let saves = async {
        save(&stores, 1).await;
        join_all((2..20).map(|number| save(&stores, number))).await;
        save(&one_by_one, 20).await;
    };
    timeout(Duration::from_secs(10), saves).await.expect("they wait for nobody");
    let mut reader = AsyncPgConnection::establish(database.url()).await.expect("a connection");
    let read = "BEGIN; LOCK TABLE audit_link IN ACCESS SHARE MODE NOWAIT";
    reader.batch_execute(read).await.expect_err("the chain is held all the while");
    owner.batch_execute("COMMIT").await.expect("committed");
    let chain = AuditChain { trail: stores.clone(), key: key() };
    chain.run().await.expect("chained");
    let found = verify(&stores).await;
    assert_eq!((found.changes - before, found.flaws), (21, Vec::new()), "theirs, and twenty");
}
