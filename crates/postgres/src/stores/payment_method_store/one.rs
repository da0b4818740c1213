//! Adding one payment method, and telling of it, in one statement.

use cardlift_core::audit::{AuditItem, items_digest};
use cardlift_sql::row::NewPaymentMethodRow;
use cardlift_sql::{InstantSql, Statement, prepared};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, SmallInt, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

struct InsertAndTell;

impl Statement for InsertAndTell {
    const TEXT: &'static str = "
    WITH inserted AS (
        INSERT INTO payment_method (
            created_at, updated_at, account_id, customer_id, kind, external_customer_id,
            external_card_id, brand, last_four, expiry_month, expiry_year, holder_name,
            address_line1, address_line2, city, state, postal_code, country, funding,
            issuer_country, fingerprint, transit_last_four, account_type, holder_type, bank_name,
            currency, verification, brought_in_by_job, is_default)
        VALUES ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                $19, $20, $21, $22, $23, $24, $25, $26, $27, false)
        ON CONFLICT (account_id, customer_id, external_card_id) DO NOTHING
        RETURNING id
    ), told AS (
        INSERT INTO audit_batch (account_id, at, subjects, items)
        SELECT $2, $1, id::text, $28 FROM inserted
        RETURNING account_id, id
    ), waiting AS (
        INSERT INTO audit_waiting (account_id, id, items_digest)
        SELECT account_id, id, $29 FROM told
    )
    SELECT id FROM inserted";
}

#[derive(QueryableByName)]
struct Inserted {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Its id, if it was not there.
pub(super) async fn insert_and_tell(
    mut connection: &AsyncPgConnection,
    new: &NewPaymentMethodRow,
    item: &AuditItem,
) -> QueryResult<Option<i64>> {
    let columns = &new.instrument;
    let insert = prepared::<InsertAndTell>()
        .bind::<InstantSql, _>(new.updated_at)
        .bind::<BigInt, _>(new.account_id)
        .bind::<BigInt, _>(new.customer_id)
        .bind::<Text, _>(&columns.kind)
        .bind::<Text, _>(&columns.external_customer_id)
        .bind::<Text, _>(&columns.external_card_id)
        .bind::<Nullable<Text>, _>(&columns.brand)
        .bind::<Text, _>(&columns.last_four)
        .bind::<Nullable<SmallInt>, _>(columns.expiry_month)
        .bind::<Nullable<SmallInt>, _>(columns.expiry_year)
        .bind::<Text, _>(&columns.holder_name)
        .bind::<Nullable<Text>, _>(&columns.address_line1)
        .bind::<Nullable<Text>, _>(&columns.address_line2)
        .bind::<Nullable<Text>, _>(&columns.city)
        .bind::<Nullable<Text>, _>(&columns.state)
        .bind::<Nullable<Text>, _>(&columns.postal_code)
        .bind::<Nullable<Text>, _>(&columns.country)
        .bind::<Nullable<Text>, _>(&columns.funding)
        .bind::<Nullable<Text>, _>(&columns.issuer_country)
        .bind::<Nullable<Text>, _>(&columns.fingerprint)
        .bind::<Nullable<Text>, _>(&columns.transit_last_four)
        .bind::<Nullable<Text>, _>(&columns.account_type)
        .bind::<Nullable<Text>, _>(&columns.holder_type)
        .bind::<Nullable<Text>, _>(&columns.bank_name)
        .bind::<Nullable<Text>, _>(&columns.currency)
        .bind::<Nullable<Text>, _>(&columns.verification)
        .bind::<Nullable<BigInt>, _>(new.brought_in_by_job)
        .bind::<Text, _>(item.as_str())
        .bind::<Binary, _>(items_digest(item.as_str()).to_vec());
    let inserted = insert.get_result::<Inserted>(&mut connection).await.optional()?;
    Ok(inserted.map(|inserted| inserted.id))
}
