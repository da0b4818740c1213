//! How a card is funded.

/// How a card is funded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Funding {
    /// Credit.
    Credit,
    /// Debit.
    Debit,
    /// Prepaid.
    Prepaid,
    /// The vault does not say, or says something new.
    Unknown,
}

impl Funding {
    /// The funding of this name; a name never seen is [`Funding::Unknown`].
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "credit" => Self::Credit,
            "debit" => Self::Debit,
            "prepaid" => Self::Prepaid,
            _ => Self::Unknown,
        }
    }

    /// The name, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Credit => "credit",
            Self::Debit => "debit",
            Self::Prepaid => "prepaid",
            Self::Unknown => "unknown",
        }
    }
}
