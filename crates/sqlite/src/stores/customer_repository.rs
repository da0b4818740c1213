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
use diesel::dsl::max;
use diesel::prelude::*;

use super::audit_trail;
use crate::Sqlite;
use crate::error::corrupt_row;

#[async_trait]
impl CustomerRepository for Sqlite {
    async fn find(
        &self,
        account: AccountId,
        id: CustomerId,
    ) -> Result<Option<Customer>, StoreError> {
        let work = move |connection: &mut SqliteConnection| {
            let customer = customer::table.find((account.get(), id.get()));
            customer.select(CustomerRow::as_select()).get_result(connection).optional()
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
            let mut loaded = LoadFacts::default();
            for record in records {
                let there = customer::table.find((account.get(), record.id.get()));
                let there = there.select(CustomerRow::as_select()).get_result(connection);
                let there = there.optional()?;
                loaded.note(&record, there.is_some());
                if let Some(there) = there {
                    let changes = there.overlay(record.profile, at).map_err(corrupt_row)?;
                    let found = customer::table.find((account.get(), record.id.get()));
                    diesel::update(found).set(changes).execute(connection)?;
                } else {
                    let status = CustomerStatus::Active;
                    let new = NewCustomerRow::new(account, record.id, &record.profile, status, at);
                    diesel::insert_into(customer::table).values(new).execute(connection)?;
                }
            }
            let counts = loaded.counts();
            count(connection, account, CustomerStatus::Active, counts.created)?;
            audit_trail::write(connection, &told::customers_loaded(account, &loaded, at))?;
            Ok(counts)
        };
        self.write("load_customers", work).await
    }

    async fn create(
        &self,
        account: AccountId,
        profile: &CustomerProfile,
        status: CustomerStatus,
        at: Timestamp,
    ) -> Result<Customer, StoreError> {
        let profile = profile.clone();
        let work = move |connection: &mut SqliteConnection| {
            let of_account = customer::table.filter(customer::account_id.eq(account.get()));
            let last: Option<i64> = of_account.select(max(customer::id)).get_result(connection)?;
            let id = next_customer_id(last)?;
            let new = NewCustomerRow::new(account, id, &profile, status, at);
            let insert = diesel::insert_into(customer::table).values(new);
            let row = insert.returning(CustomerRow::as_returning()).get_result(connection)?;
            count(connection, account, status, 1)?;
            let customer = Customer::try_from(row).map_err(corrupt_row)?;
            audit_trail::write(connection, &told::customer_created(&customer))?;
            Ok(customer)
        };
        self.write("create_customer", work).await
    }

    async fn replace(
        &self,
        account: AccountId,
        id: CustomerId,
        profile: &CustomerProfile,
        status: CustomerStatus,
        at: Timestamp,
    ) -> Result<Option<Customer>, StoreError> {
        let changes = CustomerChanges::new(profile, status, at);
        let work = move |connection: &mut SqliteConnection| {
            let found = customer::table.find((account.get(), id.get()));
            let before =
                found.select(CustomerRow::as_select()).get_result(connection).optional()?;
            let Some(before) = before else { return Ok(None) };
            let before = Customer::try_from(before).map_err(corrupt_row)?;
            if before.status != status {
                search::count(account, before.status.name(), -1)
                    .into_query()
                    .execute(connection)?;
                search::count(account, status.name(), 1).into_query().execute(connection)?;
            }
            let update = diesel::update(found).set(changes);
            let row = update.returning(CustomerRow::as_returning()).get_result(connection)?;
            let customer = Customer::try_from(row).map_err(corrupt_row)?;
            audit_trail::write(connection, &told::customer_changed(&before, &customer))?;
            Ok(Some(customer))
        };
        self.write("replace_customer", work).await
    }

    async fn search(
        &self,
        account: AccountId,
        query: &CustomerQuery,
        page: PageRequest,
    ) -> Result<Page<Customer>, StoreError> {
        let query = query.clone();
        let work = move |connection: &mut SqliteConnection| {
            // Both see the same moment.
            connection.transaction(|connection| {
                let total = search::total(Dialect::Sqlite, account, &query).into_query();
                let Total { total } = total.get_result(connection)?;
                let rows = search::page(Dialect::Sqlite, account, &query, page, total);
                Ok((rows.into_query().load::<CustomerRow>(connection)?, total))
            })
        };
        let (rows, total) = self.read("search_customers", work).await?;
        row::page(rows, total)
    }
}

/// Adds to the numbers of customers that the account has: of all, and of this status.
fn count(
    connection: &mut SqliteConnection,
    account: AccountId,
    status: CustomerStatus,
    new: u64,
) -> QueryResult<()> {
    let new = i64::try_from(new).unwrap_or(i64::MAX);
    let counted = diesel::update(account::table.find(account.get()));
    counted.set(account::customers.eq(account::customers + new)).execute(connection)?;
    search::count(account, status.name(), new).into_query().execute(connection).map(|_| ())
}
