//! The `source` object of type card: the card below `card`, the holder below `owner`.

use serde::Deserialize;

use super::FoundCard;
use super::card::CardDetails;
use super::payment_method::Holder;

#[derive(Deserialize)]
pub(super) struct Source {
    id: String,
    customer: Option<String>,
    card: CardDetails,
    owner: Option<Holder>,
}

/// What the owner leaves out is taken from the card.
impl From<Source> for FoundCard {
    fn from(source: Source) -> Self {
        let owner = source.owner.unwrap_or_default();
        let card = source.card.into_found(source.id, source.customer);
        Self {
            name: owner.name.or(card.name),
            address: owner.address.map_or(card.address, Into::into),
            ..card
        }
    }
}
