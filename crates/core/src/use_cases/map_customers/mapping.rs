//! What came of comparing the vault's customers with ours.

use std::collections::HashMap;

use crate::customer::CustomerId;
use crate::external_id::ExternalCustomerId;

/// Which customer of the vault is which of ours, in the vault's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Those of which it is certain.
    pub mapped: Vec<MappedCustomer>,
    /// The others.
    pub left_out: Vec<LeftOut>,
}

/// A customer of the vault, and the one of ours that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedCustomer {
    /// Ours.
    pub customer: CustomerId,
    /// The vault's.
    pub external_customer: ExternalCustomerId,
}

/// A customer of the vault that is mapped to none of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The vault's customer.
    pub external_customer: ExternalCustomerId,
    /// Why.
    pub reason: MapReason,
    /// Whom of ours it may be, some of them where they are many.
    pub candidates: Vec<CustomerId>,
}

/// Why a customer of the vault is mapped to none of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapReason {
    /// It means none of ours.
    Unmatched,
    /// It means several of ours.
    SeveralOfOurs,
    /// Others of the vault mean the same one of ours.
    SeveralOfTheVault,
}

impl MapReason {
    /// Its name, which is stable.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unmatched => "unmatched",
            Self::SeveralOfOurs => "several_customers",
            Self::SeveralOfTheVault => "several_stripe_customers",
        }
    }
}

impl Mapping {
    /// How many were left out for this reason.
    #[must_use]
    pub fn left_out_as(&self, reason: MapReason) -> usize {
        self.left_out.iter().filter(|left_out| left_out.reason == reason).count()
    }

    /// Decides, now that every customer of the vault was looked at.
    pub(super) fn new(entries: Vec<Entry>) -> Self {
        let mut claims = HashMap::<CustomerId, u32>::new();
        for customer in entries.iter().flat_map(|entry| entry.found.ours()) {
            let claims = claims.entry(*customer).or_default();
            *claims = claims.saturating_add(1);
        }
        let mut mapping = Self::default();
        for Entry { external_customer, found } in entries {
            let reason = match found {
                Match::None => MapReason::Unmatched,
                Match::Several(_) => MapReason::SeveralOfOurs,
                Match::One(customer) if claims.get(&customer).is_none_or(|claims| *claims == 1) => {
                    mapping.mapped.push(MappedCustomer { customer, external_customer });
                    continue;
                }
                Match::One(_) => MapReason::SeveralOfTheVault,
            };
            let candidates = found.ours().to_vec();
            mapping.left_out.push(LeftOut { external_customer, reason, candidates });
        }
        mapping
    }
}

/// A customer of the vault that was looked at.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) external_customer: ExternalCustomerId,
    pub(super) found: Match,
}

/// Whom of ours a customer of the vault means.
#[derive(Debug)]
pub(super) enum Match {
    None,
    One(CustomerId),
    Several(Box<[CustomerId]>),
}

impl Match {
    fn ours(&self) -> &[CustomerId] {
        match self {
            Self::None => &[],
            Self::One(customer) => std::slice::from_ref(customer),
            Self::Several(several) => several,
        }
    }
}
