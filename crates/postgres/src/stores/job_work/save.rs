//! Saving the payment methods of a settlement.

use std::collections::{BTreeSet, HashMap};

use cardlift_core::Timestamp;
use cardlift_core::job::RunMode;
use cardlift_core::payment_method::SaveOutcome;
use cardlift_core::ports::Lease;
use cardlift_sql::row::{InstrumentColumns, NewPaymentMethodRow, PaymentMethodRow};
use cardlift_sql::settling::{CardKey, Cards, Saves};
use cardlift_sql::{Instant, InstantSql};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Nullable, SmallInt, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// Card by card. Which account it is, is hidden from the planner: it could take a new one for empty,
/// and would look through all that the account has.
const THERE: &str = "
    SELECT there.*
    FROM (
        SELECT $1 AS account_id, asked.* FROM unnest($2, $3) AS asked (customer_id, card_id)
        OFFSET 0
    ) AS asked
    CROSS JOIN LATERAL (
        SELECT * FROM payment_method
        WHERE account_id = asked.account_id AND customer_id = asked.customer_id
            AND external_card_id = asked.card_id
        OFFSET 0
    ) AS there";

/// One after the other, in their order; found in the same way.
const LOCK_CUSTOMERS: &str = "
    SELECT locked.id
    FROM (SELECT $1 AS account_id, id FROM unnest($2) AS asked (id) OFFSET 0) AS asked
    CROSS JOIN LATERAL (
        SELECT id FROM customer WHERE account_id = asked.account_id AND id = asked.id
        FOR NO KEY UPDATE
    ) AS locked";

const INSERT: &str = "
    INSERT INTO payment_method AS there (
        account_id, customer_id, kind, external_customer_id, external_card_id, brand, last_four,
        expiry_month, expiry_year, holder_name, address_line1, address_line2, city, state,
        postal_code, country, funding, issuer_country, fingerprint, transit_last_four,
        account_type, holder_type, bank_name, currency, verification, is_default, created_at,
        updated_at, brought_in_by_job)
    SELECT $1, new.*, false, $26, $26, $27
    FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                $20, $21, $22, $23, $24, $25) AS new
    ON CONFLICT (account_id, customer_id, external_card_id) DO UPDATE SET";

/// Those that are there are locked as they are, and not returned.
const LOCK: &str = " updated_at = there.updated_at WHERE false
    RETURNING id, customer_id, external_card_id";

/// One that was deleted is back.
const REWRITE: &str = "
    kind = excluded.kind, external_customer_id = excluded.external_customer_id,
    brand = excluded.brand, last_four = excluded.last_four,
    expiry_month = excluded.expiry_month, expiry_year = excluded.expiry_year,
    holder_name = excluded.holder_name, address_line1 = excluded.address_line1,
    address_line2 = excluded.address_line2, city = excluded.city, state = excluded.state,
    postal_code = excluded.postal_code, country = excluded.country, funding = excluded.funding,
    issuer_country = excluded.issuer_country, fingerprint = excluded.fingerprint,
    transit_last_four = excluded.transit_last_four, account_type = excluded.account_type,
    holder_type = excluded.holder_type, bank_name = excluded.bank_name,
    currency = excluded.currency, verification = excluded.verification,
    updated_at = excluded.updated_at, deleted_at = NULL, deleted_by = NULL, deleted_by_job = NULL,
    brought_in_by_job = CASE WHEN there.deleted_at IS NULL
        THEN there.brought_in_by_job ELSE excluded.brought_in_by_job END";

#[derive(QueryableByName)]
struct Inserted {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    customer_id: i64,
    #[diesel(sql_type = Text)]
    external_card_id: String,
}

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
    let there = find(connection, account, cards.keys().cloned()).await?;
    saves.compare(cards, &there);
    let mut write = saves.to_be_written(cards);
    if mode == RunMode::DryRun || write.is_empty() {
        return Ok(saves);
    }
    // Who moves a default takes its customer first, then one card after the other.
    let changed = write.iter().filter(|new| saves.of(&key(new)).id.is_some());
    let customers = changed.map(|new| new.customer_id).collect();
    lock_customers(connection, account, customers).await?;
    let inserted = insert_or_lock(connection, lease, &write, at).await?;
    write.retain(|new| !inserted.contains_key(&key(new)));
    for (key, id) in inserted {
        saves.note(key, SaveOutcome::Imported, id);
    }
    if write.is_empty() {
        return Ok(saves);
    }
    // As they are now that they are locked: somebody may have been faster.
    let there = find(connection, account, write.iter().map(|new| key(new))).await?;
    saves.compare(cards, &there);
    write.retain(|new| saves.of(&key(new)).outcome != SaveOutcome::Unchanged);
    if !write.is_empty() {
        insert(lease, &write, at).sql(REWRITE).execute(connection).await?;
    }
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

fn key(new: &NewPaymentMethodRow) -> CardKey {
    (new.customer_id, new.instrument.external_card_id.clone())
}

/// What there is of these, deleted or not.
async fn find(
    connection: &mut AsyncPgConnection,
    account: i64,
    keys: impl Iterator<Item = CardKey>,
) -> QueryResult<Vec<PaymentMethodRow>> {
    let (customers, cards): (Vec<i64>, Vec<String>) = keys.unzip();
    diesel::sql_query(THERE)
        .bind::<BigInt, _>(account)
        .bind::<Array<BigInt>, _>(customers)
        .bind::<Array<Text>, _>(cards)
        .load(connection)
        .await
}

async fn insert_or_lock(
    connection: &mut AsyncPgConnection,
    lease: &Lease,
    new: &[&NewPaymentMethodRow],
    at: Timestamp,
) -> QueryResult<HashMap<CardKey, i64>> {
    let inserted: Vec<Inserted> = insert(lease, new, at).sql(LOCK).load(connection).await?;
    let inserted = inserted.into_iter();
    Ok(inserted.map(|row| ((row.customer_id, row.external_card_id), row.id)).collect())
}

/// The statement that inserts these, but for what becomes of those that are there.
fn insert<'a>(
    lease: &Lease,
    new: &[&'a NewPaymentMethodRow],
    at: Timestamp,
) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    let text = |column: fn(&InstrumentColumns) -> &String| -> Vec<&'a str> {
        new.iter().map(|new| column(&new.instrument).as_str()).collect()
    };
    let texts = |column: fn(&InstrumentColumns) -> &Option<String>| -> Vec<Option<&'a str>> {
        new.iter().map(|new| column(&new.instrument).as_deref()).collect()
    };
    let numbers = |column: fn(&InstrumentColumns) -> Option<i16>| -> Vec<Option<i16>> {
        new.iter().map(|new| column(&new.instrument)).collect()
    };
    let customers: Vec<i64> = new.iter().map(|new| new.customer_id).collect();
    diesel::sql_query(INSERT)
        .into_boxed()
        .bind::<BigInt, _>(lease.account.get())
        .bind::<Array<BigInt>, _>(customers)
        .bind::<Array<Text>, _>(text(|columns| &columns.kind))
        .bind::<Array<Text>, _>(text(|columns| &columns.external_customer_id))
        .bind::<Array<Text>, _>(text(|columns| &columns.external_card_id))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.brand))
        .bind::<Array<Text>, _>(text(|columns| &columns.last_four))
        .bind::<Array<Nullable<SmallInt>>, _>(numbers(|columns| columns.expiry_month))
        .bind::<Array<Nullable<SmallInt>>, _>(numbers(|columns| columns.expiry_year))
        .bind::<Array<Text>, _>(text(|columns| &columns.holder_name))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.address_line1))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.address_line2))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.city))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.state))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.postal_code))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.country))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.funding))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.issuer_country))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.fingerprint))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.transit_last_four))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.account_type))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.holder_type))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.bank_name))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.currency))
        .bind::<Array<Nullable<Text>>, _>(texts(|columns| &columns.verification))
        .bind::<InstantSql, _>(Instant(at))
        .bind::<BigInt, _>(lease.job.get())
}
