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
        let there_before = state.customers.len();
        let mut touched = std::collections::HashSet::new();
        for CustomerRecord { id, profile } in customers {
            touched.insert(id);
            let there = state.customers.entry((account, *id)).or_insert_with(|| Customer {
                account,
                id: *id,
                profile: CustomerProfile::default(),
            });
            merge(&mut there.profile, profile);
        }
        let created = state.customers.len() - there_before;
        let count = |number| u64::try_from(number).expect("a count fits 64 bits");
        Ok(LoadCounts { created: count(created), updated: count(touched.len() - created) })
    }
}

fn merge(there: &mut CustomerProfile, loaded: &CustomerProfile) {
    let set = |there: &mut Option<String>, loaded: &Option<String>| {
        if loaded.is_some() {
            there.clone_from(loaded);
        }
    };
    set(&mut there.first_name, &loaded.first_name);
    set(&mut there.last_name, &loaded.last_name);
    set(&mut there.company_name, &loaded.company_name);
    set(&mut there.primary_email, &loaded.primary_email);
    set(&mut there.reference, &loaded.reference);
}
