use async_trait::async_trait;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::api_key::ApiKeyId;
use cardlift_core::audit::{
    AuditAction, AuditItem, Facts, FormerDefaultFacts, Members, NewAuditBatch, PaymentMethodFacts,
};
use cardlift_core::customer::CustomerId;
use cardlift_core::external_id::ExternalCardId;
use cardlift_core::instrument::{Instrument, InstrumentKind};
use cardlift_core::job::JobId;
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::payment_method::{
    DefaultChoice, NewPaymentMethod, PaymentMethod, PaymentMethodId, SaveOutcome,
    SavedPaymentMethod,
};
use cardlift_core::ports::{
    DeleteError, PaymentMethodFilter, PaymentMethodStore, SaveError, StoreError,
};

use super::{InMemory, State, next_id};

pub(super) type Slot = (AccountId, CustomerId, ExternalCardId);

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
        let mut batch = NewAuditBatch::new(account, at);
        let (index, outcome) = state.upsert(new, None, &mut batch);
        let moved =
            new.default == DefaultChoice::MakeDefault && state.move_default(index, &mut batch);
        state.tell(&batch);
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
        let found = state.find(account, id);
        if found.is_none_or(|method| method.instrument.kind() != kind) {
            return Err(DeleteError::Missing);
        }
        let mut batch = NewAuditBatch::new(account, at);
        state.remove(id, &mut batch)?;
        state.tell(&batch);
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
            let mut batch = NewAuditBatch::new(account, at);
            state.move_default(index, &mut batch);
            state.tell(&batch);
        }
        Ok(state.find(account, id).cloned())
    }
}

impl State {
    fn live(&self) -> impl Iterator<Item = &PaymentMethod> {
        self.payment_methods.iter().filter(|method| !self.deleted.contains(&method.id))
    }

    fn find(&self, account: AccountId, id: PaymentMethodId) -> Option<&PaymentMethod> {
        let index = usize::try_from(id.get() - 1).ok()?;
        let method = self.payment_methods.get(index)?;
        (method.account == account && !self.deleted.contains(&id)).then_some(method)
    }

    /// Deletes it, unless it is its customer's default and not the only one.
    pub(super) fn remove(
        &mut self,
        id: PaymentMethodId,
        batch: &mut NewAuditBatch,
    ) -> Result<(), DeleteError> {
        let (account, at) = (batch.account, batch.at);
        let chosen = self.find(account, id).ok_or(DeleteError::Missing)?;
        let another = |method: &PaymentMethod| {
            method.id != id && method.account == account && method.customer == chosen.customer
        };
        if chosen.is_default && self.live().any(another) {
            return Err(DeleteError::Default);
        }
        let item = told(AuditAction::PaymentMethodDeleted, Some((chosen, false)), None);
        batch.add(id.get(), &item);
        self.deleted.insert(id);
        for method in self.payment_methods.iter_mut().filter(|method| method.id == id) {
            method.is_default = false;
            method.updated_at = at;
        }
        Ok(())
    }

    /// Where the card is, and what writing it would do.
    pub(super) fn foresee(
        &self,
        account: AccountId,
        new: &NewPaymentMethod,
    ) -> (Option<usize>, SaveOutcome) {
        let there = self.saved.get(&slot(account, new)).copied();
        let outcome = match there.map(|index| &self.payment_methods[index]) {
            None => SaveOutcome::Imported,
            Some(method) if self.deleted.contains(&method.id) => SaveOutcome::Restored,
            Some(method) if method.instrument == new.instrument => SaveOutcome::Unchanged,
            Some(_) => SaveOutcome::Updated,
        };
        (there, outcome)
    }

    /// Writes the card, and says where it is and what that did.
    pub(super) fn upsert(
        &mut self,
        new: &NewPaymentMethod,
        by: Option<JobId>,
        batch: &mut NewAuditBatch,
    ) -> (usize, SaveOutcome) {
        let (account, at) = (batch.account, batch.at);
        let (there, outcome) = self.foresee(account, new);
        let Some(index) = there else {
            let index = self.payment_methods.len();
            let id = next_id(index);
            self.brought_in.extend(by.map(|job| (id, job)));
            let method = PaymentMethod {
                id,
                account,
                customer: new.customer,
                instrument: new.instrument.clone(),
                is_default: false,
                created_at: at,
                updated_at: at,
            };
            let item = told(AuditAction::PaymentMethodImported, None, Some(&method));
            batch.add(method.id.get(), &item);
            self.payment_methods.push(method);
            self.saved.insert(slot(account, new), index);
            return (index, outcome);
        };
        if outcome != SaveOutcome::Unchanged {
            let method = &mut self.payment_methods[index];
            let before = method.clone();
            let was_deleted = self.deleted.remove(&method.id);
            if was_deleted {
                self.brought_in.remove(&method.id);
                self.brought_in.extend(by.map(|job| (method.id, job)));
            }
            method.instrument = new.instrument.clone();
            method.updated_at = at;
            let action = if was_deleted {
                AuditAction::PaymentMethodRestored
            } else {
                AuditAction::PaymentMethodUpdated
            };
            batch.add(method.id.get(), &told(action, Some((&before, was_deleted)), Some(method)));
        }
        (index, outcome)
    }

    /// Makes this one its customer's default, and says whether it was not.
    fn move_default(&mut self, index: usize, batch: &mut NewAuditBatch) -> bool {
        let chosen = &self.payment_methods[index];
        let (account, customer, id) = (chosen.account, chosen.customer, chosen.id);
        if chosen.is_default {
            return false;
        }
        let mut former = None;
        for method in &mut self.payment_methods {
            let same_customer = method.account == account && method.customer == customer;
            if same_customer && method.is_default != (method.id == id) {
                if method.is_default {
                    former = Some(FormerDefaultFacts(method.id.get()));
                }
                method.is_default = method.id == id;
                method.updated_at = batch.at;
            }
        }
        let chosen = Told { method: &self.payment_methods[index], deleted: false };
        let item =
            AuditItem::new(AuditAction::DefaultChanged, facts(former.as_ref()), Some(&chosen));
        batch.add(id.get(), &item);
        true
    }
}

/// What is told of a payment method, before with whether it was deleted.
fn told(
    action: AuditAction,
    before: Option<(&PaymentMethod, bool)>,
    after: Option<&PaymentMethod>,
) -> AuditItem {
    let before = before.map(|(method, deleted)| Told { method, deleted });
    let after = after.map(|method| Told { method, deleted: false });
    AuditItem::new(action, facts(before.as_ref()), facts(after.as_ref()))
}

fn facts(told: Option<&impl Facts>) -> Option<&dyn Facts> {
    told.map(|told| -> &dyn Facts { told })
}

struct Told<'a> {
    method: &'a PaymentMethod,
    deleted: bool,
}

impl Facts for Told<'_> {
    fn tell(&self, out: &mut Members<'_>) {
        let PaymentMethod { customer, instrument, is_default, .. } = self.method;
        let last_four = match instrument {
            Instrument::Card(card) => card.number.last_four(),
            Instrument::BankAccount(account) => account.number.last_four().to_owned(),
        };
        let facts = PaymentMethodFacts::new(customer.get(), instrument, &last_four, *is_default);
        PaymentMethodFacts { deleted: self.deleted, ..facts }.tell(out);
    }
}

fn slot(account: AccountId, new: &NewPaymentMethod) -> Slot {
    (account, new.customer, new.instrument.external_card().clone())
}
