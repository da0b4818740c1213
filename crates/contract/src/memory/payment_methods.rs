use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::customer::CustomerId;
use cardlift_core::payment_method::{
    DefaultChoice, NewPaymentMethod, PaymentMethod, SaveOutcome, SavedPaymentMethod,
};
use cardlift_core::ports::{PaymentMethodStore, SaveError, StoreError};

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
        let outcome = match outcome {
            SaveOutcome::Unchanged if moved => SaveOutcome::Updated,
            outcome => outcome,
        };
        Ok(SavedPaymentMethod { payment_method: state.payment_methods[index].clone(), outcome })
    }

    async fn list(
        &self,
        account: AccountId,
        customer: CustomerId,
    ) -> Result<Vec<PaymentMethod>, StoreError> {
        let state = self.state();
        let of_customer =
            |method: &&PaymentMethod| method.account == account && method.customer == customer;
        Ok(state.payment_methods.iter().filter(of_customer).cloned().collect())
    }
}

impl State {
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
                && method.card.external_card == new.card.external_card
        });
        let Some(index) = there else {
            self.payment_methods.push(PaymentMethod {
                id: next_id(self.payment_methods.len()),
                account,
                customer: new.customer,
                card: new.card.clone(),
                is_default: false,
                created_at: at,
                updated_at: at,
            });
            return (self.payment_methods.len() - 1, SaveOutcome::Imported);
        };
        let method = &mut self.payment_methods[index];
        if method.card == new.card {
            return (index, SaveOutcome::Unchanged);
        }
        method.card = new.card.clone();
        method.updated_at = at;
        (index, SaveOutcome::Updated)
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
