//! A card, in whichever shape it came.

use cardlift_core::card::{Address, Expiry, Funding, HolderName, MaskedNumber, VaultCard};
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};

use crate::brand::brand;
use crate::call_error::CallError;

/// A card, in whichever shape it came. Its texts are as the API gave them.
#[derive(Debug)]
pub(crate) struct FoundCard {
    pub(crate) id: String,
    pub(crate) customer: Option<String>,
    pub(crate) brand: String,
    pub(crate) last4: String,
    pub(crate) exp_month: i64,
    pub(crate) exp_year: i64,
    pub(crate) funding: Option<String>,
    pub(crate) issuer_country: Option<String>,
    pub(crate) fingerprint: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) address: Address,
}

impl FoundCard {
    pub(crate) fn into_vault_card(
        self,
        external_customer: ExternalCustomerId,
        external_card: ExternalCardId,
    ) -> Result<VaultCard, CallError> {
        let number = MaskedNumber::from_last_four(&self.last4);
        let number = number.map_err(|_| CallError::Meaning("its last4 is not four digits"))?;
        let expiry = Expiry::new(self.exp_month, self.exp_year);
        let expiry = expiry.map_err(|_| CallError::Meaning("its expiry is no month and year"))?;
        let Address { line1, line2, city, state, postal_code, country } = self.address;
        Ok(VaultCard {
            external_customer,
            external_card,
            brand: brand(&clean(Some(self.brand)).unwrap_or_default()),
            number,
            expiry,
            holder: HolderName::new(&clean(self.name).unwrap_or_default()),
            address: Address {
                line1: clean(line1),
                line2: clean(line2),
                city: clean(city),
                state: clean(state),
                postal_code: clean(postal_code),
                country: clean(country),
            },
            funding: Funding::from_name(self.funding.as_deref().unwrap_or_default()),
            issuer_country: clean(self.issuer_country),
            fingerprint: clean(self.fingerprint),
        })
    }
}

/// A text without control characters (no database takes a NUL) and blanks around it.
fn clean(text: Option<String>) -> Option<String> {
    let text: String = text?.chars().filter(|c| !c.is_control()).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blanks_and_control_characters_are_no_text() {
        let cleaned = |text: &str| clean(Some(text.to_owned()));
        assert_eq!(cleaned(" 1 Main\0 St\n"), Some("1 Main St".into()));
        assert_eq!(cleaned(" \t "), None);
        assert_eq!(clean(None), None);
    }

    proptest! {
        #[test]
        fn whatever_stays_can_be_stored(text in ".{0,60}") {
            if let Some(cleaned) = clean(Some(text)) {
                prop_assert!(!cleaned.is_empty() && cleaned.trim() == cleaned);
                prop_assert!(!cleaned.chars().any(char::is_control));
            }
        }
    }
}
