use cardlift_core::card::VaultCard;
use serde::Serialize;

use super::Common;

/// A card: these fields, in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CardObject {
    masked_card_number: String,
    card_type: String,
    expiration_month: u8,
    expiration_year: u16,
    #[serde(flatten)]
    common: Common,
}

impl CardObject {
    pub(super) fn new(card: &VaultCard, common: Common) -> Self {
        Self {
            masked_card_number: card.number.to_string(),
            card_type: card.brand.name().to_owned(),
            expiration_month: card.expiry.month(),
            expiration_year: card.expiry.two_digit_year(),
            common,
        }
    }
}
