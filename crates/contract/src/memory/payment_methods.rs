use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::api_key::ApiKeyId;
use cardlift_core::customer::CustomerId;
use cardlift_core::instrument::InstrumentKind;
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::payment_method::{
    DefaultChoice, NewPaymentMethod, PaymentMethod, PaymentMethodId, SaveOutcome,
    SavedPaymentMethod,
};
use cardlift_core::ports::{
    DeleteError, PaymentMethodFilter, PaymentMethodStore, SaveError, StoreError,
};

use super::{InMemory, State, next_id};

#[async_trait]
impl PaymentMethodStore for InMemory {
    async fn save(
        &self,
        account: AccountId,
        new: &NewPaymentMethod,
        at: Timestamp,
    ) -> Result<SavedPaymentMethod, SaveError> {
        let mut state = self.state();
        if !state.customers.contains_key(&(account, new.customer)) {
            return Err(SaveError::CustomerMissing);
        }
        let (index, outcome) = state.upsert(account, new, at);
        let moved = new.default == DefaultChoice::MakeDefault && state.move_default(index, at);
        let outcome = if moved { outcome.and_changed() } else { outcome };
        Ok(SavedPaymentMethod { payment_method: state.payment_methods[index].clone(), outcome })
    }

    async fn list(
        &self,
        account: AccountId,
        filter: PaymentMethodFilter,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<PaymentMethod>, StoreError> {
        let state = self.state();
        let mut matching: Vec<_> = state
            .live()
            .filter(|method| method.account == account && method.customer == filter.customer)
            .filter(|method| filter.kind.is_none_or(|kind| method.instrument.kind() == kind))
            .collect();
        if order == SortOrder::Descending {
            matching.reverse();
        }
        let count = |number: i64| usize::try_from(number).expect("a number of items");
        let (offset, size) = (count(page.offset()), count(page.size().into()));
        let total = u64::try_from(matching.len()).expect("a count fits 64 bits");
        let items = matching.into_iter().skip(offset).take(size).cloned().collect();
        Ok(Page { items, total })
    }

    async fn find(
        &self,
        account: AccountId,
        id: PaymentMethodId,
        kind: InstrumentKind,
    ) -> Result<Option<PaymentMethod>, StoreError> {
        let found = self.state().find(account, id).cloned();
        Ok(found.filter(|method| method.instrument.kind() == kind))
    }

    async fn delete(
        &self,
        account: AccountId,
        id: PaymentMethodId,
        kind: InstrumentKind,
        _by: ApiKeyId,
        at: Timestamp,
    ) -> Result<(), DeleteError> {
        let mut state = self.state();
        let found = state.find(account, id).cloned();
        let found = found.filter(|method| method.instrument.kind() == kind);
        let chosen = found.ok_or(DeleteError::Missing)?;
        let another = |method: &PaymentMethod| {
            method.id != id && method.account == account && method.customer == chosen.customer
        };
        if chosen.is_default && state.live().any(another) {
            return Err(DeleteError::Default);
        }
        state.deleted.insert(id);
        for method in state.payment_methods.iter_mut().filter(|method| method.id == id) {
            method.is_default = false;
            method.updated_at = at;
        }
        Ok(())
    }

    async fn make_default(
        &self,
        account: AccountId,
        id: PaymentMethodId,
        customer: Option<CustomerId>,
        at: Timestamp,
    ) -> Result<Option<PaymentMethod>, StoreError> {
        let mut state = self.state();
        let foreign = |method: &PaymentMethod| customer.is_some_and(|id| id != method.customer);
        if state.find(account, id).is_none_or(foreign) {
            return Ok(None);
        }
        if let Some(index) = state.payment_methods.iter().position(|method| method.id == id) {
            state.move_default(index, at);
        }
        Ok(state.find(account, id).cloned())
    }
}

impl State {
    fn live(&self) -> impl Iterator<Item = &PaymentMethod> {
        self.payment_methods.iter().filter(|method| !self.deleted.contains(&method.id))
    }

    fn find(&self, account: AccountId, id: PaymentMethodId) -> Option<&PaymentMethod> {
        self.live().find(|method| method.account == account && method.id == id)
    }

    /// Writes the card, and says where it is and what that did.
    fn upsert(
        &mut self,
        account: AccountId,
        new: &NewPaymentMethod,
        at: Timestamp,
    ) -> (usize, SaveOutcome) {
        let there = self.payment_methods.iter().position(|method| {
            method.account == account
                && method.customer == new.customer
                && method.instrument.external_card() == new.instrument.external_card()
        });
        let Some(index) = there else {
            self.payment_methods.push(PaymentMethod {
                id: next_id(self.payment_methods.len()),
                account,
                customer: new.customer,
                instrument: new.instrument.clone(),
                is_default: false,
                created_at: at,
                updated_at: at,
            });
            return (self.payment_methods.len() - 1, SaveOutcome::Imported);
        };
        let method = &mut self.payment_methods[index];
        let restored = self.deleted.remove(&method.id);
        if !restored && method.instrument == new.instrument {
            return (index, SaveOutcome::Unchanged);
        }
        method.instrument = new.instrument.clone();
        method.updated_at = at;
        (index, if restored { SaveOutcome::Restored } else { SaveOutcome::Updated })
    }

    /// Makes this one its customer's default, and says whether it was not.
    fn move_default(&mut self, index: usize, at: Timestamp) -> bool {
        let chosen = &self.payment_methods[index];
        let (account, customer, id) = (chosen.account, chosen.customer, chosen.id);
        if chosen.is_default {
            return false;
        }
        for method in &mut self.payment_methods {
            let same_customer = method.account == account && method.customer == customer;
            if same_customer && method.is_default != (method.id == id) {
                method.is_default = method.id == id;
                method.updated_at = at;
            }
        }
        true
    }
}
