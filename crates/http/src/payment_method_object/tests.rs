use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::bank_account::{BankAccountType, MaskedAccountNumber, VaultBankAccount};
use cardlift_core::card::{
    Address, CardBrand, Expiry, Funding, HolderName, MaskedNumber, VaultCard,
};
use cardlift_core::customer::CustomerId;
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::payment_method::PaymentMethodId;
use proptest::prelude::*;

use super::*;

fn documented() -> PaymentMethod {
    PaymentMethod {
        id: PaymentMethodId::try_from(7).expect("an id"),
        account: AccountId::DEFAULT,
        customer: CustomerId::try_from(2_526_546).expect("an id"),
        instrument: Instrument::Card(VaultCard {
            external_customer: ExternalCustomerId::parse("cus_AExsNjBZDLMNDK").expect("an id"),
            external_card: ExternalCardId::parse("card_19uTyBAXix6Ggd0efp4HNNp7").expect("an id"),
            brand: CardBrand::Visa,
            number: MaskedNumber::from_last_four("4242").expect("four digits"),
            expiry: Expiry::new(11, 2017).expect("an expiry"),
            holder: HolderName::new("John Doe"),
            address: Address::default(),
            funding: Funding::Credit,
            issuer_country: Some("US".into()),
            fingerprint: None,
        }),
        is_default: false,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

fn card(method: &mut PaymentMethod) -> &mut VaultCard {
    match &mut method.instrument {
        Instrument::Card(card) => card,
        Instrument::BankAccount(_) => unreachable!("it is a card"),
    }
}

fn at(country: &str, state: &str) -> Common {
    let mut payment_method = documented();
    let address = &mut card(&mut payment_method).address;
    address.country = Some(country.into());
    address.state = Some(state.into());
    Common::from(&payment_method)
}

fn bank_account() -> PaymentMethod {
    let masked = |number| MaskedAccountNumber::from_last_four(number).expect("four digits");
    let external_card = ExternalCardId::parse("ba_1").expect("an id");
    let instrument = Instrument::BankAccount(VaultBankAccount {
        external_customer: ExternalCustomerId::parse("cus_AExsNjBZDLMNDK").expect("an id"),
        external_card,
        number: masked("6789"),
        transit_number: Some(masked("0000")),
        account_type: BankAccountType::Unknown,
        holder: HolderName::new("Jane Austen"),
        holder_type: Some("individual".into()),
        address: Address::default(),
        bank_name: None,
        bank_country: Some("US".into()),
        currency: Some("usd".into()),
        verification: Some("new".into()),
        fingerprint: None,
    });
    PaymentMethod { instrument, ..documented() }
}

#[test]
fn the_documented_card_has_the_documented_fields_in_their_order() {
    let text = serde_json::to_string(&PaymentMethodObject::from(&documented())).expect("JSON");
    insta::assert_snapshot!(text, @r#"{"maskedCardNumber":"************4242","cardType":"Visa","expirationMonth":11,"expirationYear":17,"customerId":2526546,"firstName":"John","lastName":"Doe","address1":"","address2":"","countryId":null,"country":"","stateId":null,"state":"","city":"","postalZip":"","isDefault":false,"externalCustomerId":"cus_AExsNjBZDLMNDK","externalCardId":"card_19uTyBAXix6Ggd0efp4HNNp7","storedInFusebillVault":false,"id":7,"uri":null}"#);
}

#[test]
fn a_bank_account_has_the_documented_fields_and_ours_at_the_end() {
    let text = serde_json::to_string(&PaymentMethodObject::from(&bank_account())).expect("JSON");
    insta::assert_snapshot!(text, @r#"{"maskedAccountNumber":"****6789","maskedTransitNumber":"****0000","bankAccountType":"CHQ","customerId":2526546,"firstName":"Jane","lastName":"Austen","address1":"","address2":"","countryId":null,"country":"","stateId":null,"state":"","city":"","postalZip":"","isDefault":false,"externalCustomerId":"cus_AExsNjBZDLMNDK","externalCardId":"ba_1","storedInFusebillVault":false,"id":7,"uri":null,"accountHolderType":"individual","verificationStatus":"new"}"#);
}

#[test]
fn savings_are_told_from_what_is_for_payments() {
    for (name, expected) in [("savings", "SAV"), ("checking", "CHQ"), ("", "CHQ"), ("futsu", "CHQ")]
    {
        let mut method = bank_account();
        if let Instrument::BankAccount(account) = &mut method.instrument {
            account.account_type = BankAccountType::from_name(name);
            account.transit_number = None;
        }
        let object = serde_json::to_value(PaymentMethodObject::from(&method)).expect("JSON");
        assert_eq!(object["bankAccountType"], expected, "{name}");
        assert_eq!(object["maskedTransitNumber"], "");
    }
}

#[track_caller]
fn check(country: &str, state: &str, expected: (Option<u16>, &str, Option<u8>, &str)) {
    let object = at(country, state);
    let found =
        (object.country_id, object.country.as_str(), object.state_id, object.state.as_str());
    assert_eq!(found, expected);
}

#[test]
fn a_country_is_known_by_its_codes_and_names() {
    for text in ["CA", "ca", "CAN", "Canada", "CANADA"] {
        check(text, "", (Some(124), "Canada", None, ""));
    }
    for text in ["US", "USA", "United States", "united states of america"] {
        assert_eq!(at(text, "").country_id, Some(840), "{text}");
    }
    check("Atlantis", "", (None, "Atlantis", None, ""));
}

#[test]
fn every_alias_names_a_country() {
    for text in ["Great Britain", "UK", "South Korea", "Taiwan", "Turkey", "Bolivia"] {
        assert!(at(text, "").country_id.is_some(), "{text}");
    }
}

#[test]
fn states_of_canada_and_the_usa_have_the_billing_system_s_ids() {
    check("CA", "AB", (Some(124), "Canada", Some(1), "Alberta"));
    check("CA", "ontario", (Some(124), "Canada", Some(9), "Ontario"));
    check("CA", "YT", (Some(124), "Canada", Some(13), "Yukon"));
    for (code, id) in [("AK", 14), ("AL", 15), ("CA", 18), ("DC", 22), ("NY", 46), ("PR", 53)] {
        assert_eq!(at("US", code).state_id, Some(id), "{code}");
    }
    assert_eq!(at("US", "WY").state_id, Some(65));
}

#[test]
fn elsewhere_a_state_stays_as_it_was_given() {
    check("AU", "WA", (Some(36), "Australia", None, "WA"));
    check("CA", "WA", (Some(124), "Canada", None, "WA"));
    check("", "ON", (None, "", None, "ON"));
}

proptest! {
    #[test]
    fn no_text_is_longer_than_the_contract_allows(text in "\\PC{0,80}") {
        let mut payment_method = documented();
        let card = card(&mut payment_method);
        card.holder = HolderName::new(&text);
        let some = Some(text);
        card.address = Address {
            line1: some.clone(), line2: some.clone(), city: some.clone(),
            state: some.clone(), postal_code: some.clone(), country: some,
        };
        let object = Common::from(&payment_method);
        for text in [&object.first_name, &object.last_name, &object.address1, &object.address2,
            &object.city, &object.state] {
            prop_assert!(text.chars().count() <= 50);
        }
        prop_assert!(object.postal_zip.chars().count() <= 10);
    }
}
