//! A card as a vault describes it: never its number, only what may be kept and shown.

mod address;
mod brand;
mod expiry;
mod funding;
mod holder_name;
mod masked_number;

pub use address::Address;
pub use brand::CardBrand;
pub use expiry::{Expiry, InvalidExpiry};
pub use funding::Funding;
pub use holder_name::HolderName;
pub use masked_number::{InvalidLastFour, MaskedNumber};

use crate::external_id::{ExternalCardId, ExternalCustomerId};

/// A card read from the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultCard {
    /// The vault's customer it belongs to.
    pub external_customer: ExternalCustomerId,
    /// The vault's id of it.
    pub external_card: ExternalCardId,
    /// The scheme it is of.
    pub brand: CardBrand,
    /// Its number, but for the last four digits masked.
    pub number: MaskedNumber,
    /// The last month it is good for.
    pub expiry: Expiry,
    /// Who holds it.
    pub holder: HolderName,
    /// Where its holder is billed.
    pub address: Address,
    /// How it is funded.
    pub funding: Funding,
    /// The country of its issuer, ISO 3166-1 alpha-2, where the vault knows it.
    pub issuer_country: Option<String>,
    /// The vault's token for the card number: the same number has the same one.
    pub fingerprint: Option<String>,
}
