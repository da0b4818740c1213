//! A vault in memory, which tells what it was asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use cardlift_core::card::{
    Address, CardBrand, Expiry, Funding, HolderName, MaskedNumber, VaultCard,
};
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;
use cardlift_core::ports::{
    CardVault, CustomerRange, Holding, HoldingContent, HoldingKind, VaultCatalog, VaultCustomer,
    VaultError, VaultPage,
};
use cardlift_core::vault::VaultAccount;

/// How many customers a page of the account has here.
const PAGE: usize = 10;

/// How many sources a customer on a page carries.
const EMBEDDED: usize = 10;

#[derive(Default)]
pub(crate) struct FakeVault(Mutex<State>);

#[derive(Default)]
struct State {
    /// Cards by customer, the newest first; the first is the default.
    customers: BTreeMap<String, Vec<String>>,
    asked: Vec<String>,
    faults: Vec<Fault>,
    /// Of so many pages to come the last customer is deleted once they were read.
    fading: usize,
    /// Who was deleted. The others keep the time that they were made at.
    gone: BTreeSet<String>,
}

/// What a call meets, once each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Throttled,
    Unavailable,
    Refused,
    Unreadable,
}

impl FakeVault {
    pub(crate) fn hold(&self, customer: &str, cards: &[&str]) {
        let cards = cards.iter().map(|card| (*card).to_owned()).collect();
        self.0.lock().expect("a lock").customers.insert(customer.to_owned(), cards);
    }

    /// These befall the next calls.
    pub(crate) fn fail(&self, faults: &[Fault]) {
        self.0.lock().expect("a lock").faults.extend(faults);
    }

    /// Of so many pages to come the last customer is deleted once they were read.
    pub(crate) fn fade(&self, pages: usize) {
        self.0.lock().expect("a lock").fading = pages;
    }

    /// What was asked: `card C/K`, `customer C`, `list C`, `methods C`, `page`.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.0.lock().expect("a lock").asked.clone()
    }

    fn ask<T>(
        &self,
        what: String,
        answer: impl FnOnce(&State) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let mut state = self.0.lock().expect("a lock");
        state.asked.push(what);
        let retry_after = Duration::from_millis(10);
        match state.faults.pop() {
            Some(Fault::Throttled) => Err(VaultError::Throttled { retry_after }),
            Some(Fault::Unavailable) => {
                Err(VaultError::Unavailable { retry_after, source: "down".into() })
            }
            Some(Fault::Refused) => Err(VaultError::CredentialsRefused),
            Some(Fault::Unreadable) => Err(VaultError::Unreadable { source: "garbled".into() }),
            None => answer(&state),
        }
    }
}

impl State {
    fn cards(&self, customer: &ExternalCustomerId) -> Result<&[String], VaultError> {
        let there = self.customers.get(customer.as_str());
        let there = there.filter(|_| !self.gone.contains(customer.as_str()));
        let found = there.map(Vec::as_slice);
        let message = format!("No such customer: '{customer}'");
        found.ok_or(VaultError::CustomerNotFound { message })
    }

    fn customer(&self, id: &str, created: i64) -> VaultCustomer {
        let all = self.customers.get(id).map(Vec::as_slice).unwrap_or_default();
        let sources: Vec<_> = all
            .iter()
            .filter(|card| !card.starts_with("pm_"))
            .map(|card| holding(id, card))
            .collect();
        VaultCustomer {
            id: ExternalCustomerId::parse(id).expect("an id"),
            created,
            email: None,
            metadata: Vec::new(),
            default: all.first().map(|card| holding(id, card)),
            sources_complete: sources.len() <= EMBEDDED,
            holdings: sources.into_iter().take(EMBEDDED).collect(),
        }
    }
}

fn holding(customer: &str, card: &str) -> Holding {
    Holding { id: card.to_owned(), content: HoldingContent::Instrument(instrument(customer, card)) }
}

pub(crate) fn instrument(customer: &str, card: &str) -> Instrument {
    Instrument::Card(VaultCard {
        external_customer: ExternalCustomerId::parse(customer).expect("an id"),
        external_card: ExternalCardId::parse(card).expect("an id"),
        brand: CardBrand::Visa,
        number: MaskedNumber::from_last_four("4242").expect("digits"),
        expiry: Expiry::new(11, 2030).expect("an expiry"),
        holder: HolderName::new("Ana Lima"),
        address: Address::default(),
        funding: Funding::Credit,
        issuer_country: None,
        fingerprint: None,
    })
}

#[async_trait]
impl CardVault for FakeVault {
    async fn read(
        &self,
        _: &VaultAccount,
        customer: &ExternalCustomerId,
        card: &ExternalCardId,
    ) -> Result<Instrument, VaultError> {
        self.ask(format!("card {customer}/{card}"), |state| {
            let there = state.cards(customer)?.iter().any(|held| held == card.as_str());
            let message = format!("No such source: '{card}'");
            let missing = VaultError::CardNotFound { message };
            there.then(|| instrument(customer.as_str(), card.as_str())).ok_or(missing)
        })
    }
}

#[async_trait]
impl VaultCatalog for FakeVault {
    async fn customers<'a>(
        &self,
        _: &VaultAccount,
        range: CustomerRange<'a>,
    ) -> Result<VaultPage<VaultCustomer>, VaultError> {
        // The other lanes get a turn, as they do where there is a network.
        tokio::task::yield_now().await;
        let answer = self.ask("page".to_owned(), |state| {
            if let Some(after) = range.after {
                state.cards(after)?;
            }
            let numbered = state.customers.keys().zip(1_i64..).collect::<Vec<_>>();
            let within = numbered.into_iter().rev().filter(|(_, created)| {
                *created >= range.from && range.to.is_none_or(|to| *created <= to)
            });
            let within = within.filter(|(id, _)| !state.gone.contains(*id));
            let rest: Vec<_> = within
                .skip_while(|(id, _)| range.after.is_some_and(|after| *id != after.as_str()))
                .skip(usize::from(range.after.is_some()))
                .collect();
            let more = rest.len() > PAGE;
            let page = rest.into_iter().take(PAGE);
            let items = page.map(|(id, created)| state.customer(id, created)).collect();
            Ok(VaultPage { items, more })
        });
        let mut state = self.0.lock().expect("a lock");
        if let Ok(VaultPage { items, .. }) = &answer
            && let Some(last) = items.last()
            && state.fading > 0
        {
            state.fading -= 1;
            state.gone.insert(last.id.to_string());
        }
        answer
    }

    async fn customer(
        &self,
        _: &VaultAccount,
        customer: &ExternalCustomerId,
    ) -> Result<VaultCustomer, VaultError> {
        self.ask(format!("customer {customer}"), |state| {
            state.cards(customer)?;
            Ok(state.customer(customer.as_str(), 0))
        })
    }

    async fn holdings<'a>(
        &self,
        _: &VaultAccount,
        customer: &ExternalCustomerId,
        kind: HoldingKind,
        after: Option<&'a str>,
    ) -> Result<VaultPage<Holding>, VaultError> {
        let what = match kind {
            HoldingKind::Source => "list",
            HoldingKind::PaymentMethod => "methods",
        };
        self.ask(format!("{what} {customer}"), |state| {
            let held = state
                .cards(customer)?
                .iter()
                .filter(|card| kind == HoldingKind::PaymentMethod || !card.starts_with("pm_"));
            let rest: Vec<_> = held
                .skip_while(|card| after.is_some_and(|after| card.as_str() != after))
                .skip(usize::from(after.is_some()))
                .collect();
            let more = rest.len() > PAGE;
            let page = rest.into_iter().take(PAGE);
            let items = page.map(|card| holding(customer.as_str(), card)).collect();
            Ok(VaultPage { items, more })
        })
    }
}
