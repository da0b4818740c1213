//! A customer of the vault, and what it holds.

use super::Brand;

#[derive(Debug, Clone)]
pub(crate) struct Customer {
    pub(crate) id: String,
    /// Seconds since the epoch.
    pub(crate) created: i64,
    pub(crate) name: &'static str,
    pub(crate) email: Option<String>,
    /// What its account keeps with it, by names.
    pub(crate) metadata: Vec<(&'static str, String)>,
    pub(crate) deleted: bool,
    pub(crate) default_source: Option<String>,
    pub(crate) default_payment_method: Option<String>,
    /// Newest first.
    pub(crate) holdings: Vec<Holding>,
}

/// Something a customer can pay with.
#[derive(Debug, Clone)]
pub(crate) struct Holding {
    pub(crate) id: String,
    pub(crate) customer: String,
    pub(crate) created: i64,
    pub(crate) kind: Kind,
    pub(crate) brand: Brand,
    pub(crate) exp_month: u8,
    pub(crate) exp_year: u16,
    pub(crate) holder: Holder,
}

/// Which object it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Card,
    PaymentMethod,
    CardSource,
    /// A source that is no card.
    AchSource,
    BankAccount,
    /// A bank account of which nobody has shown that it is the customer's.
    UnverifiedBankAccount,
}

/// Whose it is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Holder {
    pub(crate) name: Option<&'static str>,
    pub(crate) line1: Option<&'static str>,
    pub(crate) city: Option<&'static str>,
    pub(crate) state: Option<&'static str>,
    pub(crate) postal_code: Option<&'static str>,
    pub(crate) country: Option<&'static str>,
}

impl Customer {
    /// Somebody with nothing.
    pub(crate) fn new(id: &str, created: i64, name: &'static str) -> Self {
        Self {
            id: id.to_owned(),
            created,
            name,
            email: None,
            metadata: Vec::new(),
            deleted: false,
            default_source: None,
            default_payment_method: None,
            holdings: Vec::new(),
        }
    }

    /// With this e-mail address.
    pub(crate) fn reached_at(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// As the account numbers it: with this `customerId` in its metadata.
    pub(crate) fn numbered(mut self, number: usize) -> Self {
        self.metadata.push(("customerId", number.to_string()));
        self
    }

    /// With this besides.
    pub(crate) fn with(mut self, kind: Kind, id: &str, brand: Brand) -> Self {
        let holding = Holding {
            id: id.to_owned(),
            customer: self.id.clone(),
            created: self.created,
            kind,
            brand,
            exp_month: 8,
            exp_year: 2030,
            holder: Holder { name: Some(self.name), ..Holder::default() },
        };
        self.holdings.push(holding);
        self
    }

    pub(crate) fn holding(&self, id: &str) -> Option<&Holding> {
        self.holdings.iter().find(|holding| holding.id == id)
    }

    /// What the older API calls its sources: all but payment methods.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &Holding> {
        self.holdings.iter().filter(|holding| holding.kind != Kind::PaymentMethod)
    }

    /// What can be read as a payment method of type card: cards as well.
    pub(crate) fn cards(&self) -> impl Iterator<Item = &Holding> {
        self.holdings.iter().filter(|holding| holding.kind.is_card())
    }
}

impl Kind {
    /// What it is called where it is one of the sources.
    pub(crate) const fn object(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::PaymentMethod => "payment_method",
            Self::CardSource | Self::AchSource => "source",
            Self::BankAccount | Self::UnverifiedBankAccount => "bank_account",
        }
    }

    pub(crate) const fn is_card(self) -> bool {
        matches!(self, Self::Card | Self::PaymentMethod | Self::CardSource)
    }
}
