//! Port: what the vault holds, list by list.
#![cfg_attr(
    any(test, feature = "mocks"),
    expect(clippy::ref_option_ref, reason = "the macro of the mock takes arguments so")
)]

use async_trait::async_trait;

use super::VaultError;
use crate::external_id::{ExternalCardId, ExternalCustomerId};
use crate::instrument::Instrument;
use crate::vault::VaultAccount;

/// A customer of the vault, with what it pays with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultCustomer {
    /// Its id.
    pub id: ExternalCustomerId,
    /// When it was made, in seconds since the epoch.
    pub created: i64,
    /// Its e-mail address.
    pub email: Option<String>,
    /// What the account that it belongs to keeps with it.
    pub metadata: Vec<(String, String)>,
    /// Its default: of the payment methods if one is set, else of the sources.
    pub default: Option<Holding>,
    /// What else is known of what it holds, its default among it or not: its newest sources.
    pub holdings: Vec<Holding>,
    /// Whether these are all of its sources.
    pub sources_complete: bool,
}

/// Something that a customer of the vault pays with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Its id, as the vault gives it.
    pub id: String,
    /// What it is.
    pub content: HoldingContent,
}

/// What a holding is.
#[expect(clippy::large_enum_variant, reason = "almost every holding is an instrument")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldingContent {
    /// A card or a bank account.
    Instrument(Instrument),
    /// Something else, by the vault's name for it.
    Other(String),
    /// It can't be understood.
    Unreadable,
}

/// Which of a customer's holdings are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HoldingKind {
    /// Cards, bank accounts and sources, by the older ids: all but `pm_..`.
    Source,
    /// Payment methods that are cards: `pm_..`, and cards of the older ids in their shape.
    PaymentMethod,
}

/// Some customers of the vault: those made between two instants, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerRange<'a> {
    /// The first second since the epoch.
    pub from: i64,
    /// The last second; `None` where it is open.
    pub to: Option<i64>,
    /// Only those after this one.
    pub after: Option<&'a ExternalCustomerId>,
}

/// A page of a list of the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultPage<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Whether there is more after it.
    pub more: bool,
}

/// Lists what the vault holds. Reads only.
///
/// Each call is one request; an adapter bounds its time, keeps to the vault's limits, and retries
/// what may pass by itself.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait VaultCatalog: Send + Sync {
    /// The next hundred customers of a range, each with its default and its ten newest sources.
    ///
    /// # Errors
    /// Each kind of [`VaultError`] but those of what is not found.
    async fn customers<'a>(
        &self,
        scope: &VaultAccount,
        range: CustomerRange<'a>,
    ) -> Result<VaultPage<VaultCustomer>, VaultError>;

    /// One customer, with its default and its ten newest sources.
    ///
    /// # Errors
    /// Each kind of [`VaultError`]; [`CustomerNotFound`](VaultError::CustomerNotFound) for one
    /// that was deleted, too.
    async fn customer(
        &self,
        scope: &VaultAccount,
        customer: &ExternalCustomerId,
    ) -> Result<VaultCustomer, VaultError>;

    /// The next hundred of a customer's holdings of this kind, the newest first.
    ///
    /// # Errors
    /// Each kind of [`VaultError`].
    async fn holdings<'a>(
        &self,
        scope: &VaultAccount,
        customer: &ExternalCustomerId,
        kind: HoldingKind,
        after: Option<&'a str>,
    ) -> Result<VaultPage<Holding>, VaultError>;
}

impl VaultCustomer {
    /// The holding of this id, where it is known.
    #[must_use]
    pub fn holding(&self, id: &ExternalCardId) -> Option<&Holding> {
        let known = self.holdings.iter().chain(&self.default);
        known.into_iter().find(|holding| holding.id == id.as_str())
    }
}

impl ExternalCardId {
    /// Which list of a customer's holdings has it, in the shape that it is imported in.
    #[must_use]
    pub fn listed_as(&self) -> HoldingKind {
        if self.as_str().starts_with("pm_") {
            HoldingKind::PaymentMethod
        } else {
            HoldingKind::Source
        }
    }
}
