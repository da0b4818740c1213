use cardlift_core::card::VaultCard;
use serde::Serialize;
use utoipa::ToSchema;

use super::Common;

/// A card: these fields, in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Card)]
pub(super) struct CardObject {
    /// Twelve asterisks and the last four digits.
    masked_card_number: String,
    /// The brand: Visa, MasterCard, American Express, ...
    card_type: String,
    /// 1 to 12.
    expiration_month: u8,
    /// Two digits.
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
