//! What must hold of all that is read.

use cardlift_core::bank_account::VaultBankAccount;
use cardlift_core::card::{Address, CardBrand, VaultCard};
use cardlift_core::card_number::looks_like_a_card_number;
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;
use cardlift_core::ports::{Holding, HoldingContent, VaultCustomer};

/// The longest name of a brand, in characters.
const LONGEST_BRAND: usize = 50;

/// A card or bank account is the one asked for, and fit to be stored.
pub(super) fn instrument(found: &Instrument, customer: &ExternalCustomerId, id: &ExternalCardId) {
    let (found_customer, found_id) = match found {
        Instrument::Card(found) => {
            card(found);
            (&found.external_customer, &found.external_card)
        }
        Instrument::BankAccount(found) => {
            bank_account(found);
            (&found.external_customer, &found.external_card)
        }
    };
    assert_eq!((found_customer, found_id), (customer, id), "it is the one asked for");
}

/// A customer of a list holds what is its own.
pub(super) fn customer(found: &VaultCustomer) {
    fit(found.email.as_deref());
    for (name, value) in &found.metadata {
        assert!(is_tidy(name) && is_tidy(value), "metadata that can be compared");
    }
    for held in found.holdings.iter().chain(&found.default) {
        holding(held, &found.id);
    }
}

/// What a customer holds is its own, under the id that it has.
pub(super) fn holding(found: &Holding, customer: &ExternalCustomerId) {
    match &found.content {
        HoldingContent::Instrument(it) => match ExternalCardId::parse(&found.id) {
            Ok(id) => instrument(it, customer, &id),
            Err(error) => unreachable!("an instrument without an id: {error}"),
        },
        HoldingContent::Other(name) => fit(Some(name)),
        HoldingContent::Unreadable => {}
    }
}

fn card(card: &VaultCard) {
    let last_four = card.number.last_four();
    assert!(last_four.len() == 4 && last_four.bytes().all(|byte| byte.is_ascii_digit()));
    assert!((1..=12).contains(&card.expiry.month()), "a month");
    assert!((1970..=9999).contains(&card.expiry.year()), "a year");
    if let CardBrand::Other(name) = &card.brand {
        assert!(name.chars().count() <= LONGEST_BRAND, "a short name");
        fit(Some(name));
    }
    address(&card.address);
    holder(card.holder.full());
    fit(card.issuer_country.as_deref());
    fit(card.fingerprint.as_deref());
}

fn bank_account(account: &VaultBankAccount) {
    for number in [Some(&account.number), account.transit_number.as_ref()].into_iter().flatten() {
        let kept = number.last_four();
        assert!((1..=4).contains(&kept.len()), "no whole number");
        assert!(kept.bytes().all(|byte| byte.is_ascii_alphanumeric()), "digits or letters");
    }
    address(&account.address);
    holder(account.holder.full());
    let texts = [
        &account.holder_type,
        &account.bank_name,
        &account.bank_country,
        &account.currency,
        &account.verification,
        &account.fingerprint,
    ];
    for text in texts {
        fit(text.as_deref());
    }
}

fn address(address: &Address) {
    let Address { line1, line2, city, state, postal_code, country } = address;
    for text in [line1, line2, city, state, postal_code, country] {
        fit(text.as_deref());
    }
}

fn holder(name: &str) {
    fit(Some(name).filter(|name| !name.is_empty()));
}

/// A text that is stored.
fn fit(text: Option<&str>) {
    let Some(text) = text else { return };
    assert!(is_tidy(text), "a text that every database takes, without blanks around it");
    assert!(!looks_like_a_card_number(text), "no card number");
}

fn is_tidy(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.contains(char::is_control)
}
