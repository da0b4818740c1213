//! The statements that find and insert payment methods, many at once.

use std::collections::HashMap;

use cardlift_core::audit::items_digest;
use cardlift_sql::row::{InstrumentColumns, NewPaymentMethodRow, PaymentMethodRow};
use cardlift_sql::{Instant, InstantSql, Prepared, Statement, prepared};
use diesel::pg::Pg;
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Binary, Nullable, SmallInt, Text};
use diesel::{QueryResult, QueryableByName};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// The insert, a literal, for the statements that have it inside.
macro_rules! insert {
    () => {
        "
    INSERT INTO payment_method AS there (
        created_at, account_id, customer_id, kind, external_customer_id, external_card_id, brand,
        last_four, expiry_month, expiry_year, holder_name, address_line1, address_line2, city,
        state, postal_code, country, funding, issuer_country, fingerprint, transit_last_four,
        account_type, holder_type, bank_name, currency, verification, brought_in_by_job,
        updated_at, is_default)
    SELECT new.*, new.at, false
    FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                $19, $20, $21, $22, $23, $24, $25, $26, $27) AS new (at)
    ON CONFLICT (account_id, customer_id, external_card_id) DO "
    };
}

/// Inserts those that are not there, and tells of them in the audit trail: a batch for each account, with a
/// line for each that was asked for, and no id where it was there.
///
/// Ids rise in the order in which rows are inserted, so where all of an account were, they are in the
/// order of the lines. Only where some were there is it looked which: that takes a quarter as long
/// again as the insert, and the rest a tenth.
struct InsertAndTell;

impl Statement for InsertAndTell {
    const TEXT: &'static str = concat!(
        "WITH inserted AS (",
        insert!(),
        "NOTHING RETURNING id, account_id, customer_id, external_card_id
    ), told AS (
        INSERT INTO audit_batch (account_id, at, subjects, items)
        SELECT batch.account_id, batch.at,
            CASE WHEN made.count = batch.lines THEN made.ids ELSE (
                SELECT string_agg(coalesce(inserted.id::text, ''), ',' ORDER BY asked.place)
                FROM unnest($2, $3, $6) WITH ORDINALITY
                    AS asked (account_id, customer_id, external_card_id, place)
                LEFT JOIN inserted USING (account_id, customer_id, external_card_id)
                WHERE asked.account_id = batch.account_id
            ) END, batch.items
        FROM unnest($28, $29, $30, $31) AS batch (account_id, at, lines, items)
        CROSS JOIN LATERAL (
            SELECT count(*) AS count, string_agg(id::text, ',' ORDER BY id) AS ids
            FROM inserted WHERE account_id = batch.account_id
        ) AS made
        WHERE made.count > 0
        RETURNING account_id, id
    ), waiting AS (
        INSERT INTO audit_waiting (account_id, id, items_digest)
        SELECT account_id, id, digest FROM told JOIN unnest($28, $32) AS of_it (account_id, digest)
            USING (account_id)
    )
    SELECT id, account_id, customer_id, external_card_id FROM inserted"
    );
}

/// Locks those that are there as they are.
struct InsertOrLock;

impl Statement for InsertOrLock {
    const TEXT: &'static str = concat!(
        insert!(),
        "UPDATE SET updated_at = there.updated_at WHERE false
    RETURNING id, account_id, customer_id, external_card_id"
    );
}

/// Writes those that are there anew: one that was deleted is back.
struct InsertOrRewrite;

impl Statement for InsertOrRewrite {
    const TEXT: &'static str = concat!(
        insert!(),
        "UPDATE SET
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
        THEN there.brought_in_by_job ELSE excluded.brought_in_by_job END"
    );
}

/// What makes a payment method one: its account, its customer, and the vault's id of it.
pub(super) type Key = (i64, i64, String);

/// What is told of payment methods of one account: a line for each.
pub(super) struct Batch {
    pub(super) account: i64,
    pub(super) at: Instant,
    pub(super) lines: i64,
    pub(super) items: String,
}

#[derive(QueryableByName)]
struct Inserted {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    account_id: i64,
    #[diesel(sql_type = BigInt)]
    customer_id: i64,
    #[diesel(sql_type = Text)]
    external_card_id: String,
}

/// The columns of a [`PaymentMethodRow`]. A prepared statement names them: another column must not change
/// what it returns.
macro_rules! columns {
    () => {
        "there.id, there.account_id, there.customer_id, there.kind, there.external_customer_id,
        there.external_card_id, there.brand, there.last_four, there.expiry_month,
        there.expiry_year, there.holder_name, there.address_line1, there.address_line2, there.city,
        there.state, there.postal_code, there.country, there.funding, there.issuer_country,
        there.fingerprint, there.transit_last_four, there.account_type, there.holder_type,
        there.bank_name, there.currency, there.verification, there.is_default, there.created_at,
        there.updated_at, there.deleted_at, there.brought_in_by_job"
    };
}

pub(super) use columns;

/// Key by key. The planner could take a new account for empty, and would look through all that it
/// has.
struct There;

impl Statement for There {
    const TEXT: &'static str = concat!(
        "SELECT ",
        columns!(),
        "
    FROM unnest($1, $2, $3) AS asked (account_id, customer_id, card_id)
    CROSS JOIN LATERAL (
        SELECT * FROM payment_method
        WHERE account_id = asked.account_id AND customer_id = asked.customer_id
            AND external_card_id = asked.card_id
        OFFSET 0
    ) AS there"
    );
}

/// What there is of these, deleted or not.
pub(super) async fn find(
    connection: &mut AsyncPgConnection,
    new: &[&NewPaymentMethodRow],
) -> QueryResult<Vec<PaymentMethodRow>> {
    let accounts: Vec<i64> = new.iter().map(|new| new.account_id).collect();
    let customers: Vec<i64> = new.iter().map(|new| new.customer_id).collect();
    let cards: Vec<&str> = new.iter().map(|new| new.instrument.external_card_id.as_str()).collect();
    prepared::<There>()
        .bind::<Array<BigInt>, _>(accounts)
        .bind::<Array<BigInt>, _>(customers)
        .bind::<Array<Text>, _>(cards)
        .load(connection)
        .await
}

/// Inserts those of these that are not there, locks the others, and gives the ids of those that were
/// inserted.
pub(super) async fn insert_or_lock(
    connection: &mut AsyncPgConnection,
    new: &[&NewPaymentMethodRow],
) -> QueryResult<HashMap<Key, i64>> {
    insert::<InsertOrLock>(new).load(connection).await.map(ids)
}

/// Inserts those of these that are not there, and writes the others anew, which the caller has locked.
pub(super) async fn insert_or_rewrite(
    connection: &mut AsyncPgConnection,
    new: &[&NewPaymentMethodRow],
) -> QueryResult<()> {
    insert::<InsertOrRewrite>(new).execute(connection).await.map(|_| ())
}

/// Inserts those of these that are not there, tells of them, and gives their ids. The batches hold an
/// item for each of the rows of their account, in the order of these.
pub(super) async fn insert_and_tell(
    mut connection: &AsyncPgConnection,
    new: &[&NewPaymentMethodRow],
    batches: &[Batch],
) -> QueryResult<HashMap<Key, i64>> {
    let accounts: Vec<i64> = batches.iter().map(|batch| batch.account).collect();
    let times: Vec<Instant> = batches.iter().map(|batch| batch.at).collect();
    let lines: Vec<i64> = batches.iter().map(|batch| batch.lines).collect();
    let items: Vec<&str> = batches.iter().map(|batch| batch.items.as_str()).collect();
    let digests: Vec<Vec<u8>> = items.iter().map(|items| items_digest(items).to_vec()).collect();
    let insert = insert::<InsertAndTell>(new)
        .bind::<Array<BigInt>, _>(accounts)
        .bind::<Array<InstantSql>, _>(times)
        .bind::<Array<BigInt>, _>(lines)
        .bind::<Array<Text>, _>(items)
        .bind::<Array<Binary>, _>(digests);
    insert.load(&mut connection).await.map(ids)
}

fn ids(inserted: Vec<Inserted>) -> HashMap<Key, i64> {
    let key = |row: Inserted| ((row.account_id, row.customer_id, row.external_card_id), row.id);
    inserted.into_iter().map(key).collect()
}

/// A statement that inserts these in their order, with their columns bound.
fn insert<'a, S: Statement>(
    new: &[&'a NewPaymentMethodRow],
) -> Prepared<S, impl QueryFragment<Pg> + QueryId + Send> {
    let text = |column: fn(&InstrumentColumns) -> &String| -> Vec<&'a str> {
        new.iter().map(|new| column(&new.instrument).as_str()).collect()
    };
    let texts = |column: fn(&InstrumentColumns) -> &Option<String>| -> Vec<Option<&'a str>> {
        new.iter().map(|new| column(&new.instrument).as_deref()).collect()
    };
    let numbers = |column: fn(&InstrumentColumns) -> Option<i16>| -> Vec<Option<i16>> {
        new.iter().map(|new| column(&new.instrument)).collect()
    };
    let times: Vec<Instant> = new.iter().map(|new| new.updated_at).collect();
    let accounts: Vec<i64> = new.iter().map(|new| new.account_id).collect();
    let customers: Vec<i64> = new.iter().map(|new| new.customer_id).collect();
    let jobs: Vec<Option<i64>> = new.iter().map(|new| new.brought_in_by_job).collect();
    prepared::<S>()
        .bind::<Array<InstantSql>, _>(times)
        .bind::<Array<BigInt>, _>(accounts)
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
        .bind::<Array<Nullable<BigInt>>, _>(jobs)
}
