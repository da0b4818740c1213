//! The scheme a card is of.

use std::fmt;

/// A card scheme. Its text is the `cardType` of the wire contract.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CardBrand {
    /// Visa.
    Visa,
    /// Mastercard, in the spelling of the wire contract.
    MasterCard,
    /// American Express.
    AmericanExpress,
    /// Discover.
    Discover,
    /// Diners Club.
    DinersClub,
    /// JCB.
    Jcb,
    /// UnionPay.
    UnionPay,
    /// The vault says that it does not know.
    Unknown,
    /// A scheme that has no name of ours: the vault's own passes through.
    Other(String),
}

impl CardBrand {
    /// Every brand that has a name of ours.
    pub const NAMED: [Self; 8] = [
        Self::Visa,
        Self::MasterCard,
        Self::AmericanExpress,
        Self::Discover,
        Self::DinersClub,
        Self::Jcb,
        Self::UnionPay,
        Self::Unknown,
    ];

    /// The brand of this name: the reverse of [`CardBrand::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        let named = Self::NAMED.into_iter().find(|brand| brand.name() == name);
        named.unwrap_or_else(|| Self::Other(name.to_owned()))
    }

    /// The name of the brand, as the wire contract has it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Visa => "Visa",
            Self::MasterCard => "MasterCard",
            Self::AmericanExpress => "American Express",
            Self::Discover => "Discover",
            Self::DinersClub => "Diners Club",
            Self::Jcb => "JCB",
            Self::UnionPay => "UnionPay",
            Self::Unknown => "Unknown",
            Self::Other(name) => name,
        }
    }
}

impl fmt::Display for CardBrand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back_as_its_brand() {
        for brand in CardBrand::NAMED {
            assert_eq!(CardBrand::from_name(brand.name()), brand);
        }
        assert_eq!(CardBrand::from_name("Girocard").name(), "Girocard");
    }
}
