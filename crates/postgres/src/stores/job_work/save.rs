//! Saving the payment methods of a settlement.

use std::collections::{BTreeSet, HashMap};

use cardlift_core::Timestamp;
use cardlift_core::audit::NewAuditBatch;
use cardlift_core::job::RunMode;
use cardlift_core::payment_method::SaveOutcome;
use cardlift_core::ports::Lease;
use cardlift_sql::auditing;
use cardlift_sql::row::{NewPaymentMethodRow, PaymentMethodRow};
use cardlift_sql::settling::{CardKey, Cards, Saves};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

use super::super::audit_trail;
use super::super::many_payment_methods::{find, insert_or_lock, insert_or_rewrite};

/// One after the other, in their order. Which account it is, is hidden from the planner: it could take
/// a new one for empty, and would look through all that the account has.
const LOCK_CUSTOMERS: &str = "
    SELECT locked.id
    FROM (SELECT $1 AS account_id, id FROM unnest($2) AS asked (id) OFFSET 0) AS asked
    CROSS JOIN LATERAL (
        SELECT id FROM customer WHERE account_id = asked.account_id AND id = asked.id
        FOR NO KEY UPDATE
    ) AS locked";

/// Keys are looked up by the index, also where the table is small when the statement is prepared: the
/// job makes it large.
const BY_KEYS: &str = "SET LOCAL enable_seqscan = off";

/// Saves these as [`PaymentMethodStore::save`](cardlift_core::ports::PaymentMethodStore::save)
/// does, or finds out what that would do.
///
/// Those that are there just so are not touched. Of the others, those that are new are inserted and
/// those that are there are locked in one statement, in the order of the cards: so whatever another
/// settlement or a single import does meanwhile, each is told what it did, and no two wait for each
/// other.
pub(super) async fn save(
    connection: &mut AsyncPgConnection,
    lease: &Lease,
    mode: RunMode,
    cards: &Cards,
    at: Timestamp,
) -> QueryResult<Saves> {
    let mut saves = Saves::default();
    if cards.is_empty() {
        return Ok(saves);
    }
    let account = lease.account.get();
    connection.batch_execute(BY_KEYS).await?;
    let there = find(connection, &cards.values().collect::<Vec<_>>()).await?;
    saves.compare(cards, &there);
    let mut write = saves.to_be_written(cards);
    if mode == RunMode::DryRun || write.is_empty() {
        return Ok(saves);
    }
    // Who moves a default takes its customer first, then one card after the other.
    let changed = write.iter().filter(|new| saves.of(&key(new)).id.is_some());
    let customers = changed.map(|new| new.customer_id).collect();
    lock_customers(connection, account, customers).await?;
    let inserted = insert_or_lock(connection, &write).await?.into_iter();
    let inserted: HashMap<CardKey, i64> =
        inserted.map(|((_, customer, card), id)| ((customer, card), id)).collect();
    let mut told = NewAuditBatch::new(lease.account, at);
    write.retain(|new| {
        let id = inserted.get(&key(new));
        id.inspect(|id| told.add(**id, &auditing::imported(new))).is_none()
    });
    for (key, id) in inserted {
        saves.note(key, SaveOutcome::Imported, id);
    }
    if !write.is_empty() {
        // As they are now that they are locked: somebody may have been faster.
        let there = find(connection, &write).await?;
        saves.compare(cards, &there);
        write.retain(|new| saves.of(&key(new)).outcome != SaveOutcome::Unchanged);
        for row in &there {
            if let Some(new) = cards.get(&row_key(row))
                && let Some(outcome) = row.outcome_of(&new.instrument)
            {
                told.add(row.id, &auditing::rewritten(row, new, outcome));
            }
        }
    }
    if !write.is_empty() {
        insert_or_rewrite(connection, &write).await?;
    }
    audit_trail::write(connection, &told).await?;
    Ok(saves)
}

/// Lets nobody else move the defaults of these customers, or delete what is theirs.
pub(super) async fn lock_customers(
    connection: &mut AsyncPgConnection,
    account: i64,
    customers: BTreeSet<i64>,
) -> QueryResult<()> {
    if customers.is_empty() {
        return Ok(());
    }
    diesel::sql_query(LOCK_CUSTOMERS)
        .bind::<BigInt, _>(account)
        .bind::<Array<BigInt>, _>(customers.into_iter().collect::<Vec<_>>())
        .execute(connection)
        .await
        .map(|_| ())
}

fn row_key(row: &PaymentMethodRow) -> CardKey {
    (row.customer_id, row.instrument.external_card_id.clone())
}

fn key(new: &NewPaymentMethodRow) -> CardKey {
    (new.customer_id, new.instrument.external_card_id.clone())
}
