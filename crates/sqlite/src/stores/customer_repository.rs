use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::customer::{Customer, CustomerId, CustomerRecord, LoadCounts};
use cardlift_core::ports::{CustomerRepository, StoreError};
use cardlift_sql::row::CustomerRow;
use cardlift_sql::schema::customer;
use cardlift_sql::{Instant, InstantSql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::Sqlite;

/// A field that a record leaves out stays as it is.
const UPSERT: &str = "
    INSERT INTO customer (account_id, id, first_name, last_name, company_name, primary_email,
                          reference, created_at, updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
    ON CONFLICT (account_id, id) DO UPDATE SET
        first_name = coalesce(excluded.first_name, first_name),
        last_name = coalesce(excluded.last_name, last_name),
        company_name = coalesce(excluded.company_name, company_name),
        primary_email = coalesce(excluded.primary_email, primary_email),
        reference = coalesce(excluded.reference, reference),
        updated_at = excluded.updated_at";

#[async_trait]
impl CustomerRepository for Sqlite {
    async fn find(
        &self,
        account: AccountId,
        id: CustomerId,
    ) -> Result<Option<Customer>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let customer = customer::table.find((account.get(), id.get()));
            customer.select(CustomerRow::as_select()).first(connection).optional()
        };
        self.read("find_customer", work).await?.map(TryInto::try_into).transpose()
    }

    async fn load(
        &self,
        account: AccountId,
        customers: &[CustomerRecord],
        at: Timestamp,
    ) -> Result<LoadCounts, StoreError> {
        let records = CustomerRecord::merged(customers);
        let work = move |connection: &mut SqliteConnection| {
            let mut counts = LoadCounts::default();
            for record in &records {
                let there = customer::table.find((account.get(), record.id.get()));
                if diesel::select(diesel::dsl::exists(there)).get_result(connection)? {
                    counts.updated += 1;
                } else {
                    counts.created += 1;
                }
                upsert(connection, account, record, at)?;
            }
            Ok(counts)
        };
        self.write("load_customers", work).await
    }
}

fn upsert(
    connection: &mut SqliteConnection,
    account: AccountId,
    record: &CustomerRecord,
    at: Timestamp,
) -> QueryResult<usize> {
    let profile = &record.profile;
    diesel::sql_query(UPSERT)
        .bind::<BigInt, _>(account.get())
        .bind::<BigInt, _>(record.id.get())
        .bind::<Nullable<Text>, _>(&profile.first_name)
        .bind::<Nullable<Text>, _>(&profile.last_name)
        .bind::<Nullable<Text>, _>(&profile.company_name)
        .bind::<Nullable<Text>, _>(&profile.primary_email)
        .bind::<Nullable<Text>, _>(&profile.reference)
        .bind::<InstantSql, _>(Instant(at))
        .execute(connection)
}
