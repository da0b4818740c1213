//! Our customers, looked up by what the vault knows of its own: a page of them at a time.

use std::collections::{BTreeSet, HashMap};

use super::MapBy;
use super::mapping::Match;
use crate::account::AccountId;
use crate::customer::{
    Condition, Customer, CustomerField, CustomerFilter, CustomerId, CustomerQuery, SearchValue,
};
use crate::page::{PageRequest, SortOrder};
use crate::ports::{CustomerRepository, StoreError};

/// How many values one query asks for.
const VALUES: usize = 100;

/// How many of ours are kept as candidates for one value.
const CANDIDATES: usize = 10;

/// Ours, by what they were looked up by.
#[derive(Debug, Default)]
pub(super) struct Lookup(HashMap<String, Vec<CustomerId>>);

impl Lookup {
    /// Looks up all whom these texts may mean.
    pub(super) async fn of<'a>(
        customers: &dyn CustomerRepository,
        account: AccountId,
        by: &MapBy,
        texts: impl Iterator<Item = &'a str>,
    ) -> Result<Self, StoreError> {
        let texts: BTreeSet<_> = texts.map(|text| by.folded(text)).collect();
        let values: Vec<_> = texts.iter().filter_map(|text| by.value(text)).collect();
        let mut found = Self::default();
        for values in values.chunks(VALUES) {
            let any_of = values.iter().cloned().map(Condition::Is).collect();
            let query = CustomerQuery {
                filters: vec![CustomerFilter { field: by.field(), any_of }],
                sorted_by: CustomerField::Id,
                order: SortOrder::Ascending,
            };
            found.take_all(customers, account, by, &query).await?;
        }
        Ok(found)
    }

    /// Whom this text means.
    pub(super) fn matching(&self, by: &MapBy, text: &str) -> Match {
        match self.0.get(&by.folded(text)).map(Vec::as_slice) {
            None | Some([]) => Match::None,
            Some([one]) => Match::One(*one),
            Some(several) => Match::Several(several.into()),
        }
    }

    async fn take_all(
        &mut self,
        customers: &dyn CustomerRepository,
        account: AccountId,
        by: &MapBy,
        query: &CustomerQuery,
    ) -> Result<(), StoreError> {
        let mut number = 0;
        while let Some(page) = PageRequest::new(number, PageRequest::LARGEST) {
            let found = customers.search(account, query, page).await?;
            let seen = page.offset() + i64::from(PageRequest::LARGEST);
            found.items.iter().for_each(|customer| self.take(by, customer));
            if found.items.is_empty() || u64::try_from(seen).is_ok_and(|seen| seen >= found.total) {
                break;
            }
            number += 1;
        }
        Ok(())
    }

    fn take(&mut self, by: &MapBy, customer: &Customer) {
        let Some(text) = by.known_of_ours(customer) else { return };
        let candidates = self.0.entry(by.folded(&text)).or_default();
        if candidates.len() < CANDIDATES {
            candidates.push(customer.id);
        }
    }
}

impl MapBy {
    /// A text as it is compared: ids as numbers, so that `007` is 7; addresses in lower case;
    /// references byte by byte.
    fn folded(&self, text: &str) -> String {
        match self {
            Self::Id { .. } => id(text).map(|id| id.to_string()).unwrap_or_default(),
            Self::Reference { .. } => text.to_owned(),
            Self::Email => text.to_ascii_lowercase(),
        }
    }

    const fn field(&self) -> CustomerField {
        match self {
            Self::Id { .. } => CustomerField::Id,
            Self::Reference { .. } => CustomerField::Reference,
            Self::Email => CustomerField::PrimaryEmail,
        }
    }

    /// What is searched for; `None` for a text that is no id.
    fn value(&self, folded: &str) -> Option<SearchValue> {
        match self {
            Self::Id { .. } => id(folded).map(SearchValue::Number),
            Self::Reference { .. } | Self::Email => Some(SearchValue::Text(folded.to_owned())),
        }
    }

    fn known_of_ours(&self, customer: &Customer) -> Option<String> {
        match self {
            Self::Id { .. } => Some(customer.id.to_string()),
            Self::Reference { .. } => customer.profile.reference.clone(),
            Self::Email => customer.profile.primary_email.clone(),
        }
    }
}

/// The number of a customer, where the text is one.
fn id(text: &str) -> Option<i64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse::<i64>().ok().filter(|id| digits && CustomerId::try_from(*id).is_ok())
}
