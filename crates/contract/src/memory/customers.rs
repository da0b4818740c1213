use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::customer::{Customer, CustomerId, CustomerProfile, CustomerRecord, LoadCounts};
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
        _at: Timestamp,
    ) -> Result<LoadCounts, StoreError> {
        let mut state = self.state();
        state.require_account(account)?;
        let records = CustomerRecord::merged(customers);
        let there_before = state.customers.len();
        for CustomerRecord { id, profile } in &records {
            let there = state.customers.entry((account, *id)).or_insert_with(|| Customer {
                account,
                id: *id,
                profile: CustomerProfile::default(),
            });
            there.profile = there.profile.clone().overlaid_with(profile.clone());
        }
        let created = state.customers.len() - there_before;
        let count = |number| u64::try_from(number).expect("a count fits 64 bits");
        Ok(LoadCounts { created: count(created), updated: count(records.len() - created) })
    }
}
