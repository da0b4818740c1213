use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::customer::{Customer, CustomerId, CustomerProfile, CustomerRecord, LoadCounts};
use cardlift_core::ports::{CustomerRepository, StoreError};
use cardlift_sql::row::CustomerRow;
use cardlift_sql::schema::customer;
use cardlift_sql::{Instant, InstantSql};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};

use crate::Postgres;
use crate::error::from_diesel;

/// How many customers go into one statement.
const BATCH: usize = 5_000;

/// A field that a record leaves out stays as it is. A row that was there has an `xmax`: the
/// transaction that locked it for the update.
const UPSERT: &str = "
    INSERT INTO customer AS there (account_id, id, first_name, last_name, company_name,
                                   primary_email, reference, created_at, updated_at)
    SELECT $1, record.*, $8, $8
    FROM unnest($2, $3, $4, $5, $6, $7) AS record
    ON CONFLICT (account_id, id) DO UPDATE SET
        first_name = coalesce(excluded.first_name, there.first_name),
        last_name = coalesce(excluded.last_name, there.last_name),
        company_name = coalesce(excluded.company_name, there.company_name),
        primary_email = coalesce(excluded.primary_email, there.primary_email),
        reference = coalesce(excluded.reference, there.reference),
        updated_at = excluded.updated_at
    RETURNING xmax = 0 AS created";

#[derive(QueryableByName)]
struct Upserted {
    #[diesel(sql_type = Bool)]
    created: bool,
}

#[async_trait]
impl CustomerRepository for Postgres {
    async fn find(
        &self,
        account: AccountId,
        id: CustomerId,
    ) -> Result<Option<Customer>, StoreError> {
        self.call("find_customer", async {
            let mut connection = self.connection().await?;
            let customer = customer::table.find((account.get(), id.get()));
            let query = customer.select(CustomerRow::as_select());
            let row = query.first(&mut connection).await.optional().map_err(from_diesel)?;
            row.map(TryInto::try_into).transpose()
        })
        .await
    }

    async fn load(
        &self,
        account: AccountId,
        customers: &[CustomerRecord],
        at: Timestamp,
    ) -> Result<LoadCounts, StoreError> {
        // In the order of the ids, so that two loads at once don't wait for each other in a ring.
        let records = CustomerRecord::merged(customers);
        self.call("load_customers", async {
            let mut connection = self.connection().await?;
            let load = connection.transaction(async |connection| {
                let mut counts = LoadCounts::default();
                for batch in records.chunks(BATCH) {
                    counts += upsert(connection, account, batch, at).await?;
                }
                Ok(counts)
            });
            load.await.map_err(from_diesel)
        })
        .await
    }
}

async fn upsert(
    connection: &mut AsyncPgConnection,
    account: AccountId,
    batch: &[CustomerRecord],
    at: Timestamp,
) -> QueryResult<LoadCounts> {
    let column = |field: fn(&CustomerProfile) -> &Option<String>| -> Vec<Option<&str>> {
        batch.iter().map(|record| field(&record.profile).as_deref()).collect()
    };
    let ids: Vec<i64> = batch.iter().map(|record| record.id.get()).collect();
    let rows: Vec<Upserted> = diesel::sql_query(UPSERT)
        .bind::<BigInt, _>(account.get())
        .bind::<Array<BigInt>, _>(ids)
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.first_name))
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.last_name))
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.company_name))
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.primary_email))
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.reference))
        .bind::<InstantSql, _>(Instant(at))
        .load(connection)
        .await?;
    Ok(rows.iter().fold(LoadCounts::default(), |mut counts, row| {
        counts.created += u64::from(row.created);
        counts.updated += u64::from(!row.created);
        counts
    }))
}
