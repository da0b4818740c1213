pub(crate) mod find;

use std::collections::HashSet;

use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::audit::{LoadFacts, told};
use cardlift_core::customer::{
    Customer, CustomerId, CustomerProfile, CustomerQuery, CustomerRecord, CustomerStatus,
    LoadCounts,
};
use cardlift_core::page::{Page, PageRequest};
use cardlift_core::ports::{CustomerRepository, StoreError};
use cardlift_sql::row::{self, CustomerChanges, CustomerRow, NewCustomerRow, next_customer_id};
use cardlift_sql::schema::{account, customer};
use cardlift_sql::search::{self, Dialect, Total};
use cardlift_sql::{Instant, InstantSql};
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use futures_util::FutureExt as _;

use super::audit_trail;
use crate::Postgres;
use crate::error::{Abort, from_diesel};

/// How many customers go into one statement.
const BATCH: usize = 5_000;

/// A field that a record leaves out stays as it is. A row that was there has an `xmax`: the
/// transaction that locked it for the update.
const UPSERT: &str = "
    INSERT INTO customer AS there (account_id, id, first_name, middle_name, last_name,
                                   company_name, suffix, title, primary_email, primary_phone,
                                   secondary_email, secondary_phone, reference, currency,
                                   parent_id, status, standing, created_at, updated_at)
    SELECT $1, record.*, 'Active', 'Good', $16, $16
    FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS record
    ON CONFLICT (account_id, id) DO UPDATE SET
        first_name = coalesce(excluded.first_name, there.first_name),
        middle_name = coalesce(excluded.middle_name, there.middle_name),
        last_name = coalesce(excluded.last_name, there.last_name),
        company_name = coalesce(excluded.company_name, there.company_name),
        suffix = coalesce(excluded.suffix, there.suffix),
        title = coalesce(excluded.title, there.title),
        primary_email = coalesce(excluded.primary_email, there.primary_email),
        primary_phone = coalesce(excluded.primary_phone, there.primary_phone),
        secondary_email = coalesce(excluded.secondary_email, there.secondary_email),
        secondary_phone = coalesce(excluded.secondary_phone, there.secondary_phone),
        reference = coalesce(excluded.reference, there.reference),
        currency = coalesce(excluded.currency, there.currency),
        parent_id = coalesce(excluded.parent_id, there.parent_id),
        updated_at = excluded.updated_at
    RETURNING id, xmax = 0 AS created";

#[derive(QueryableByName)]
struct Upserted {
    #[diesel(sql_type = BigInt)]
    id: i64,
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
            if let Some(merged) = &self.merged
                && let Some(found) = merged.customers.call((account, id)).await
            {
                return found;
            }
            // What few calls need would make the future of each ten times as large.
            self.find_alone(account, id).boxed().await
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
            let mut connection = self.connection_for(account).await?;
            let load = connection.transaction(async |connection| {
                let mut loaded = LoadFacts::default();
                // Who creates a customer takes it first, too.
                lock(connection, account).await?;
                for batch in records.chunks(BATCH) {
                    let there = upsert(connection, account, batch, at).await?;
                    for record in batch {
                        loaded.note(record, there.contains(&record.id.get()));
                    }
                }
                let counts = loaded.counts();
                count(connection, account, CustomerStatus::Active, counts.created).await?;
                let told = told::customers_loaded(account, &loaded, at);
                audit_trail::write(connection, &told).await?;
                Ok(counts)
            });
            load.await.map_err(from_diesel)
        })
        .await
    }

    async fn create(
        &self,
        account: AccountId,
        profile: &CustomerProfile,
        status: CustomerStatus,
        at: Timestamp,
    ) -> Result<Customer, StoreError> {
        self.call("create_customer", async {
            let mut connection = self.connection_for(account).await?;
            let create = connection.transaction(async |connection| {
                // It holds the account's row to the end, so one at a time gets an id.
                count(connection, account, status, 1).await?;
                let of_account = customer::table.filter(customer::account_id.eq(account.get()));
                let last = of_account.select(max(customer::id)).get_result(connection).await?;
                let id = next_customer_id(last)?;
                let new = NewCustomerRow::new(account, id, profile, status, at);
                let insert = diesel::insert_into(customer::table).values(new);
                let insert = insert.returning(CustomerRow::as_returning());
                let row = insert.get_result(connection).await?;
                let customer = Customer::try_from(row).map_err(Abort::Port)?;
                audit_trail::write(connection, &told::customer_created(&customer)).await?;
                Ok(customer)
            });
            create.await.map_err(Abort::into_port)
        })
        .await
    }

    async fn replace(
        &self,
        account: AccountId,
        id: CustomerId,
        profile: &CustomerProfile,
        status: CustomerStatus,
        at: Timestamp,
    ) -> Result<Option<Customer>, StoreError> {
        self.call("replace_customer", async {
            let mut connection = self.connection_for(account).await?;
            let changes = || CustomerChanges::new(profile, status, at);
            // Most of the time the status stays, and then nobody has to be waited for.
            let replaced = connection.transaction(async |connection| {
                let Some(before) = read(connection, account, id).await? else {
                    return Ok(Ok(None));
                };
                if before.status != status {
                    return Ok(Err(StatusChanges));
                }
                replace(connection, &before, changes()).await.map(|done| Ok(Some(done)))
            });
            if let Ok(done) = replaced.await.map_err(Abort::into_port)? {
                return Ok(done);
            }
            let replaced = connection.transaction(async |connection| {
                lock(connection, account).await?;
                let Some(before) = read(connection, account, id).await? else { return Ok(None) };
                for (status, change) in [(before.status, -1), (status, 1)] {
                    let count = search::count(account, status.name(), change);
                    count.into_query().execute(connection).await?;
                }
                replace(connection, &before, changes()).await.map(Some)
            });
            replaced.await.map_err(Abort::into_port)
        })
        .await
    }

    async fn search(
        &self,
        account: AccountId,
        query: &CustomerQuery,
        page: PageRequest,
    ) -> Result<Page<Customer>, StoreError> {
        self.call("search_customers", async {
            let mut connection = self.connection_for(account).await?;
            // Both see the same moment.
            let mut snapshot = connection.build_transaction().repeatable_read().read_only();
            let found = snapshot.run(async |connection| {
                let total = search::total(Dialect::Postgres, account, query).into_query();
                let Total { total } = total.get_result(connection).await?;
                let rows = search::page(Dialect::Postgres, account, query, page, total);
                let rows: Vec<CustomerRow> = rows.into_query().load(connection).await?;
                Ok((rows, total))
            });
            let (rows, total) = found.await.map_err(from_diesel)?;
            row::page(rows, total)
        })
        .await
    }
}

impl Postgres {
    async fn find_alone(
        &self,
        account: AccountId,
        id: CustomerId,
    ) -> Result<Option<Customer>, StoreError> {
        let connection = self.connection_for(account).await?;
        let row = find::one(&connection, account, id).await.map_err(from_diesel)?;
        row.map(TryInto::try_into).transpose()
    }
}

/// The account has to be taken before the customer: its counts change.
struct StatusChanges;

/// The customer, which nobody else changes until the end of the transaction.
async fn read(
    connection: &mut AsyncPgConnection,
    account: AccountId,
    id: CustomerId,
) -> Result<Option<Customer>, Abort<StoreError>> {
    let row = customer::table.find((account.get(), id.get())).select(CustomerRow::as_select());
    let row = row.for_no_key_update().first(connection).await.optional()?;
    row.map(Customer::try_from).transpose().map_err(Abort::Port)
}

/// Makes these changes of a customer, and tells of them.
async fn replace(
    connection: &mut AsyncPgConnection,
    before: &Customer,
    changes: CustomerChanges,
) -> Result<Customer, Abort<StoreError>> {
    let there = customer::table.find((before.account.get(), before.id.get()));
    let update = diesel::update(there).set(changes).returning(CustomerRow::as_returning());
    let row = update.get_result(connection).await?;
    let customer = Customer::try_from(row).map_err(Abort::Port)?;
    audit_trail::write(connection, &told::customer_changed(before, &customer)).await?;
    Ok(customer)
}

/// Lets one transaction at a time add customers to this account, or change the status of one.
async fn lock(connection: &mut AsyncPgConnection, account: AccountId) -> QueryResult<()> {
    let account = account::table.find(account.get()).select(account::id);
    account.for_no_key_update().first::<i64>(connection).await.map(|_| ())
}

/// Adds to the numbers of customers that the account has: of all, and of this status.
async fn count(
    connection: &mut AsyncPgConnection,
    account: AccountId,
    status: CustomerStatus,
    new: u64,
) -> QueryResult<()> {
    let new = i64::try_from(new).unwrap_or(i64::MAX);
    let counted = diesel::update(account::table.find(account.get()));
    let counted = counted.set(account::customers.eq(account::customers + new));
    counted.execute(connection).await?;
    search::count(account, status.name(), new).into_query().execute(connection).await.map(|_| ())
}

/// Writes these customers, and gives the ids of those that were there.
async fn upsert(
    connection: &mut AsyncPgConnection,
    account: AccountId,
    batch: &[CustomerRecord],
    at: Timestamp,
) -> QueryResult<HashSet<i64>> {
    let column = |field: fn(&CustomerProfile) -> &Option<String>| -> Vec<Option<&str>> {
        batch.iter().map(|record| field(&record.profile).as_deref()).collect()
    };
    let parents: Vec<_> =
        batch.iter().map(|record| record.profile.parent.map(CustomerId::get)).collect();
    let ids: Vec<i64> = batch.iter().map(|record| record.id.get()).collect();
    let rows: Vec<Upserted> = diesel::sql_query(UPSERT)
        .bind::<BigInt, _>(account.get())
        .bind::<Array<BigInt>, _>(ids)
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.first_name))
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.middle_name))
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.last_name))
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.company_name))
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.suffix))
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.title))
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.primary_email))
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.primary_phone))
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.secondary_email))
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.secondary_phone))
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.reference))
        .bind::<Array<Nullable<Text>>, _>(column(|profile| &profile.currency))
        .bind::<Array<Nullable<BigInt>>, _>(parents)
        .bind::<InstantSql, _>(Instant(at))
        .load(connection)
        .await?;
    Ok(rows.into_iter().filter(|row| !row.created).map(|row| row.id).collect())
}
