//! The statements that find and insert payment methods, many at once.

use std::collections::HashMap;

use cardlift_sql::row::{InstrumentColumns, NewPaymentMethodRow, PaymentMethodRow};
use cardlift_sql::{Instant, InstantSql};
use diesel::sql_types::{Array, BigInt, Nullable, SmallInt, Text};
use diesel::{QueryResult, QueryableByName};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::prepared::Prepared;

const INSERT: &str = "
    INSERT INTO payment_method AS there (
        created_at, account_id, customer_id, kind, external_customer_id, external_card_id, brand,
        last_four, expiry_month, expiry_year, holder_name, address_line1, address_line2, city,
        state, postal_code, country, funding, issuer_country, fingerprint, transit_last_four,
        account_type, holder_type, bank_name, currency, verification, brought_in_by_job,
        updated_at, is_default)
    SELECT new.*, new.at, false
    FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                $19, $20, $21, $22, $23, $24, $25, $26, $27) AS new (at)
    ON CONFLICT (account_id, customer_id, external_card_id) DO ";

/// Leaves those that are there alone.
pub(super) const PASS_OVER: &str =
    "NOTHING RETURNING id, account_id, customer_id, external_card_id";

/// Locks those that are there as they are.
pub(super) const LOCK: &str = "UPDATE SET updated_at = there.updated_at WHERE false
    RETURNING id, account_id, customer_id, external_card_id";

/// What makes a payment method one: its account, its customer, and the vault's id of it.
pub(super) type Key = (i64, i64, String);

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

/// Key by key. The planner could take a new account for empty, and would look through all that it
/// has. A prepared statement names its columns: another column must not change what it returns.
const THERE: &str = "
    SELECT there.id, there.account_id, there.customer_id, there.kind, there.external_customer_id,
        there.external_card_id, there.brand, there.last_four, there.expiry_month,
        there.expiry_year, there.holder_name, there.address_line1, there.address_line2, there.city,
        there.state, there.postal_code, there.country, there.funding, there.issuer_country,
        there.fingerprint, there.transit_last_four, there.account_type, there.holder_type,
        there.bank_name, there.currency, there.verification, there.is_default, there.created_at,
        there.updated_at, there.deleted_at, there.brought_in_by_job
    FROM unnest($1, $2, $3) AS asked (account_id, customer_id, card_id)
    CROSS JOIN LATERAL (
        SELECT * FROM payment_method
        WHERE account_id = asked.account_id AND customer_id = asked.customer_id
            AND external_card_id = asked.card_id
        OFFSET 0
    ) AS there";

/// What there is of these, deleted or not.
pub(super) async fn find(
    connection: &mut AsyncPgConnection,
    new: &[&NewPaymentMethodRow],
) -> QueryResult<Vec<PaymentMethodRow>> {
    let accounts: Vec<i64> = new.iter().map(|new| new.account_id).collect();
    let customers: Vec<i64> = new.iter().map(|new| new.customer_id).collect();
    let cards: Vec<&str> = new.iter().map(|new| new.instrument.external_card_id.as_str()).collect();
    Prepared::new(THERE)
        .bind::<Array<BigInt>, _>(accounts)
        .bind::<Array<BigInt>, _>(customers)
        .bind::<Array<Text>, _>(cards)
        .load(connection)
        .await
}

/// Inserts those of these that are not there, and gives their ids; `else_do`, which is [`PASS_OVER`]
/// or [`LOCK`], says what becomes of the others.
pub(super) async fn insert_new(
    connection: &mut AsyncPgConnection,
    new: &[&NewPaymentMethodRow],
    else_do: &str,
) -> QueryResult<HashMap<Key, i64>> {
    let inserted: Vec<Inserted> = insert(new, else_do).load(connection).await?;
    let keyed = inserted
        .into_iter()
        .map(|row| ((row.account_id, row.customer_id, row.external_card_id), row.id));
    Ok(keyed.collect())
}

/// Inserts these in their order; `else_do` says what becomes of those that are there.
pub(super) fn insert<'a>(new: &[&'a NewPaymentMethodRow], else_do: &'a str) -> Prepared<'a> {
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
    Prepared::new(INSERT)
        .then(else_do)
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
