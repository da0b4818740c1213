//! What the vault has of one of its customers, asked for as far as it is wanted.

use std::collections::{BTreeMap, BTreeSet};

use super::Reconcile;
use crate::external_id::{ExternalCardId, ExternalCustomerId};
use crate::instrument::{Instrument, InstrumentKind};
use crate::job::Job;
use crate::ports::{Holding, HoldingContent, HoldingKind, VaultCustomer, VaultError};
use crate::vault::VaultAccount;
use crate::vault_pages::HoldingPages;

/// What the vault has of one of its customers.
pub(super) struct VaultSide<'a> {
    with: &'a Reconcile,
    scope: VaultAccount,
    pub(super) id: ExternalCustomerId,
    customer: Option<Customer>,
    cards: BTreeMap<ExternalCardId, There>,
}

/// What the vault says of a card.
#[expect(clippy::large_enum_variant, reason = "almost every card is there")]
#[derive(Debug, Clone)]
pub(super) enum There {
    Is(Instrument),
    Gone,
    /// It says something that can't be understood, or does not hand it out.
    Unclear,
}

/// What the vault says of the customer.
#[derive(Debug, Clone)]
enum Customer {
    Is(Box<VaultCustomer>),
    Gone,
    Unclear,
}

impl<'a> VaultSide<'a> {
    /// Of a customer that was not asked for yet.
    pub(super) fn unknown(with: &'a Reconcile, job: &Job, id: ExternalCustomerId) -> Self {
        let (scope, cards) = (job.options.vault.clone(), BTreeMap::new());
        Self { with, scope, id, customer: None, cards }
    }

    /// Of a customer that the vault listed.
    pub(super) fn seen(with: &'a Reconcile, job: &Job, customer: VaultCustomer) -> Self {
        let unknown = Self::unknown(with, job, customer.id.clone());
        Self { customer: Some(Customer::Is(Box::new(customer))), ..unknown }
    }

    /// The card that a customer pays with unless told otherwise.
    pub(super) async fn default(&mut self) -> Result<There, VaultError> {
        Ok(match self.customer().await? {
            Customer::Is(customer) => customer.default.map_or(There::Gone, of_holding),
            Customer::Gone => There::Gone,
            Customer::Unclear => There::Unclear,
        })
    }

    /// The card of this id.
    pub(super) async fn card(&mut self, id: &ExternalCardId) -> Result<There, VaultError> {
        if let Some(there) = self.cards.get(id) {
            return Ok(there.clone());
        }
        // A customer tells of its sources; a payment method takes a call of its own anyhow.
        let known = match id.listed_as() {
            HoldingKind::Source => Some(self.customer().await?),
            HoldingKind::PaymentMethod => self.customer.clone(),
        };
        let there = match known {
            Some(Customer::Gone) => There::Gone,
            Some(Customer::Unclear) => There::Unclear,
            Some(Customer::Is(customer)) => match customer.holding(id).cloned() {
                Some(holding) => of_holding(holding),
                None if id.listed_as() == HoldingKind::Source && customer.sources_complete => {
                    There::Gone
                }
                None => self.read(id).await?,
            },
            None => self.read(id).await?,
        };
        self.cards.insert(id.clone(), there.clone());
        Ok(there)
    }

    /// Every card, each once, in the shape that it is imported in.
    pub(super) async fn every_card(&mut self) -> Result<Vec<There>, VaultError> {
        let customer = match self.customer().await? {
            Customer::Is(customer) => customer,
            Customer::Gone => return Ok(vec![There::Gone]),
            Customer::Unclear => return Ok(vec![There::Unclear]),
        };
        let holdings = match self.every_holding(*customer).await {
            Ok(holdings) => holdings,
            // It has come to this since the customer was seen.
            Err(error) => return Ok(vec![of_error(error)?]),
        };
        let (mut ids, mut cards) = (BTreeSet::new(), Vec::new());
        for there in holdings.into_iter().map(of_holding) {
            match &there {
                There::Is(card) if card.kind() == InstrumentKind::Card => {
                    if ids.insert(card.external_card().clone()) {
                        self.cards.insert(card.external_card().clone(), there.clone());
                        cards.push(there);
                    }
                }
                There::Unclear => cards.push(there),
                There::Is(_) | There::Gone => {}
            }
        }
        Ok(cards)
    }

    async fn customer(&mut self) -> Result<Customer, VaultError> {
        if let Some(customer) = &self.customer {
            return Ok(customer.clone());
        }
        let customer = match self.with.catalog.customer(&self.scope, &self.id).await {
            Ok(customer) => Customer::Is(Box::new(customer)),
            Err(error) => match of_error(error)? {
                There::Gone => Customer::Gone,
                There::Is(_) | There::Unclear => Customer::Unclear,
            },
        };
        Ok(self.customer.insert(customer).clone())
    }

    async fn read(&self, id: &ExternalCardId) -> Result<There, VaultError> {
        match self.with.vault.read(&self.scope, &self.id, id).await {
            Ok(instrument) => Ok(There::Is(instrument)),
            Err(error) => of_error(error),
        }
    }

    async fn every_holding(&self, customer: VaultCustomer) -> Result<Vec<Holding>, VaultError> {
        let mut holdings = if customer.sources_complete {
            customer.holdings
        } else {
            self.list(HoldingKind::Source).await?
        };
        holdings.extend(self.list(HoldingKind::PaymentMethod).await?);
        Ok(holdings)
    }

    async fn list(&self, kind: HoldingKind) -> Result<Vec<Holding>, VaultError> {
        let (catalog, mut pages) = (&self.with.catalog, HoldingPages::default());
        while !pages.is_ended() {
            pages.take(catalog.holdings(&self.scope, &self.id, kind, pages.after()).await)?;
        }
        Ok(pages.into_holdings())
    }
}

fn of_holding(holding: Holding) -> There {
    match holding.content {
        HoldingContent::Instrument(instrument) => There::Is(instrument),
        HoldingContent::Other(_) => There::Gone,
        HoldingContent::Unreadable => There::Unclear,
    }
}

/// What an error says of what was asked for. One that says nothing of it is given back.
fn of_error(error: VaultError) -> Result<There, VaultError> {
    match error {
        VaultError::CardNotFound { .. }
        | VaultError::CustomerNotFound { .. }
        | VaultError::WrongMode { .. }
        | VaultError::OtherObject { .. } => Ok(There::Gone),
        VaultError::Refused { .. } | VaultError::Unreadable { .. } => Ok(There::Unclear),
        VaultError::NoCredentials
        | VaultError::CredentialsUnreadable { .. }
        | VaultError::CredentialsRefused
        | VaultError::Throttled { .. }
        | VaultError::Unavailable { .. } => Err(error),
    }
}
