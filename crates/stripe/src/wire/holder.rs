//! Who holds a card or bank account, and where it is billed.

use cardlift_core::card::Address;
use serde::Deserialize;

use super::text::{Text, clean};

/// Payment methods call it their billing details, sources their owner.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Holder<'a> {
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    pub(super) address: Option<HolderAddress<'a>>,
}

/// An address. Its texts are as the API gave them.
#[derive(Debug, Default, Deserialize)]
pub(super) struct HolderAddress<'a> {
    #[serde(borrow)]
    pub(super) line1: Option<Text<'a>>,
    pub(super) line2: Option<Text<'a>>,
    pub(super) city: Option<Text<'a>>,
    pub(super) state: Option<Text<'a>>,
    pub(super) postal_code: Option<Text<'a>>,
    pub(super) country: Option<Text<'a>>,
}

impl HolderAddress<'_> {
    /// The address, of texts that are fit to be stored.
    pub(super) fn clean(self) -> Address {
        Address {
            line1: clean(self.line1),
            line2: clean(self.line2),
            city: clean(self.city),
            state: clean(self.state),
            postal_code: clean(self.postal_code),
            country: clean(self.country),
        }
    }
}
