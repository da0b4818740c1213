//! The brands of cards, in the vocabularies of the API.

/// A brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Brand {
    /// What ids are made of.
    pub(crate) name: &'static str,
    /// As cards and sources name it.
    pub(crate) of_card: &'static str,
    /// As payment methods name it.
    pub(crate) of_payment_method: &'static str,
    /// As payment methods show it.
    pub(crate) display: &'static str,
    /// The last digits of its test card.
    pub(crate) last4: &'static str,
}

const fn brand(
    name: &'static str,
    of_card: &'static str,
    of_payment_method: &'static str,
    display: &'static str,
    last4: &'static str,
) -> Brand {
    Brand { name, of_card, of_payment_method, display, last4 }
}

impl Brand {
    pub(crate) const VISA: Self = brand("Visa", "Visa", "visa", "visa", "4242");

    /// Every brand that the vault has.
    pub(crate) const ALL: [Self; 11] = [
        Self::VISA,
        brand("MasterCard", "MasterCard", "mastercard", "mastercard", "4444"),
        brand("AmericanExpress", "American Express", "amex", "american_express", "0005"),
        brand("Discover", "Discover", "discover", "discover", "1117"),
        brand("DinersClub", "Diners Club", "diners", "diners_club", "0004"),
        brand("Jcb", "JCB", "jcb", "jcb", "0505"),
        brand("UnionPay", "UnionPay", "unionpay", "union_pay", "0005"),
        brand(
            "CartesBancaires",
            "Cartes Bancaires",
            "cartes_bancaires",
            "cartes_bancaires",
            "1001",
        ),
        brand("EftposAustralia", "Eftpos Australia", "eftpos_au", "eftpos_australia", "0010"),
        brand("Girocard", "Girocard", "girocard", "girocard", "0017"),
        brand("Unknown", "Unknown", "unknown", "other", "9999"),
    ];
}
