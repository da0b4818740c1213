use std::cmp::Ordering;

use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::audit::{LoadFacts, told};
use cardlift_core::customer::{
    AccountStanding, Customer, CustomerField, CustomerFilter, CustomerId, CustomerProfile,
    CustomerQuery, CustomerRecord, CustomerStatus, LoadCounts, SearchValue,
};
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::ports::{CustomerRepository, StoreError};

use super::InMemory;

#[async_trait]
impl CustomerRepository for InMemory {
    async fn find(
        &self,
        account: AccountId,
        id: CustomerId,
    ) -> Result<Option<Customer>, StoreError> {
        Ok(self.state().customers.get(&(account, id)).cloned())
    }

    async fn load(
        &self,
        account: AccountId,
        customers: &[CustomerRecord],
        at: Timestamp,
    ) -> Result<LoadCounts, StoreError> {
        let mut state = self.state();
        state.require_account(account)?;
        let mut loaded = LoadFacts::default();
        for record in CustomerRecord::merged(customers) {
            loaded.note(&record, state.customers.contains_key(&(account, record.id)));
            let CustomerRecord { id, profile } = record;
            let new = || customer(account, id, CustomerStatus::Active, at);
            let there = state.customers.entry((account, id)).or_insert_with(new);
            there.profile = there.profile.clone().overlaid_with(profile);
            there.updated_at = at;
        }
        state.tell(&told::customers_loaded(account, &loaded, at));
        Ok(loaded.counts())
    }

    async fn create(
        &self,
        account: AccountId,
        profile: &CustomerProfile,
        status: CustomerStatus,
        at: Timestamp,
    ) -> Result<Customer, StoreError> {
        let mut state = self.state();
        state.require_account(account)?;
        let of_account = state.customers.keys().filter(|(of, _)| *of == account);
        let last = of_account.map(|(_, id)| id.get()).max().unwrap_or(0);
        let id = CustomerId::try_from(last + 1).expect("memory ends before the ids do");
        let profile = profile.clone();
        let new = Customer { profile, ..customer(account, id, status, at) };
        state.customers.insert((account, id), new.clone());
        state.tell(&told::customer_created(&new));
        Ok(new)
    }

    async fn replace(
        &self,
        account: AccountId,
        id: CustomerId,
        profile: &CustomerProfile,
        status: CustomerStatus,
        at: Timestamp,
    ) -> Result<Option<Customer>, StoreError> {
        let mut state = self.state();
        let Some(there) = state.customers.get_mut(&(account, id)) else { return Ok(None) };
        let before = there.clone();
        there.profile = profile.clone();
        there.status = status;
        there.updated_at = at;
        let after = there.clone();
        state.tell(&told::customer_changed(&before, &after));
        Ok(Some(after))
    }

    async fn search(
        &self,
        account: AccountId,
        query: &CustomerQuery,
        page: PageRequest,
    ) -> Result<Page<Customer>, StoreError> {
        let state = self.state();
        let of_account = state.customers.values().filter(|customer| customer.account == account);
        let mut found: Vec<_> = of_account
            .filter(|customer| query.filters.iter().all(|filter| holds(filter, customer)))
            .collect();
        found.sort_by(|one, other| {
            let key = |customer| (value(customer, query.sorted_by), id(customer));
            let (one, other) = (key(one), key(other));
            compare(&one.0, &other.0).then(one.1.cmp(&other.1))
        });
        if query.order == SortOrder::Descending {
            found.reverse();
        }
        let total = u64::try_from(found.len()).expect("a count fits 64 bits");
        let count = |number: i64| usize::try_from(number).expect("a number of items");
        let (offset, size) = (count(page.offset()), count(page.size().into()));
        Ok(Page { items: found.into_iter().skip(offset).take(size).cloned().collect(), total })
    }
}

fn customer(account: AccountId, id: CustomerId, status: CustomerStatus, at: Timestamp) -> Customer {
    Customer {
        account,
        id,
        profile: CustomerProfile::default(),
        status,
        standing: AccountStanding::Good,
        created_at: at,
        updated_at: at,
    }
}

const fn id(customer: &Customer) -> i64 {
    customer.id.get()
}

fn value(customer: &Customer, field: CustomerField) -> SearchValue {
    let profile = &customer.profile;
    let text = |text: &Option<String>| {
        SearchValue::Text(text.as_deref().unwrap_or_default().to_ascii_lowercase())
    };
    match field {
        CustomerField::Id => SearchValue::Number(customer.id.get()),
        CustomerField::FirstName => text(&profile.first_name),
        CustomerField::LastName => text(&profile.last_name),
        CustomerField::CompanyName => text(&profile.company_name),
        CustomerField::PrimaryEmail => text(&profile.primary_email),
        CustomerField::Reference => text(&profile.reference),
        CustomerField::Status => SearchValue::Text(customer.status.name().to_ascii_lowercase()),
        CustomerField::Created => SearchValue::Instant(customer.created_at),
        CustomerField::Modified => SearchValue::Instant(customer.updated_at),
    }
}

fn compare(one: &SearchValue, other: &SearchValue) -> Ordering {
    one.compare(other).expect("values of one field are of one kind")
}

fn holds(filter: &CustomerFilter, customer: &Customer) -> bool {
    let value = value(customer, filter.field);
    filter.any_of.iter().any(|condition| condition.holds(&value))
}
