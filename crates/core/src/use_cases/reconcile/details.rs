//! Which details of two instruments are not the same. Pure.

use crate::bank_account::VaultBankAccount;
use crate::card::VaultCard;
use crate::instrument::Instrument;

/// The names of the details that are not the same: as the wire has them, where it has them.
pub(super) fn differing(ours: &Instrument, theirs: &Instrument) -> Vec<&'static str> {
    let mut names = Names::default();
    match (ours, theirs) {
        (Instrument::Card(ours), Instrument::Card(theirs)) => names.card(ours, theirs),
        (Instrument::BankAccount(ours), Instrument::BankAccount(theirs)) => {
            names.bank_account(ours, theirs);
        }
        _ => return vec!["kind"],
    }
    names.check("firstName", ours.holder().first(), theirs.holder().first());
    names.check("lastName", ours.holder().last(), theirs.holder().last());
    let (ours, theirs) = (ours.address(), theirs.address());
    names.check("address1", &ours.line1, &theirs.line1);
    names.check("address2", &ours.line2, &theirs.line2);
    names.check("city", &ours.city, &theirs.city);
    names.check("state", &ours.state, &theirs.state);
    names.check("postalZip", &ours.postal_code, &theirs.postal_code);
    names.check("country", &ours.country, &theirs.country);
    names.0
}

#[derive(Default)]
struct Names(Vec<&'static str>);

impl Names {
    fn check<T: PartialEq + ?Sized>(&mut self, name: &'static str, ours: &T, theirs: &T) {
        if ours != theirs {
            self.0.push(name);
        }
    }

    fn card(&mut self, ours: &VaultCard, theirs: &VaultCard) {
        self.check("cardType", &ours.brand, &theirs.brand);
        self.check("maskedCardNumber", &ours.number, &theirs.number);
        self.check("expirationMonth", &ours.expiry.month(), &theirs.expiry.month());
        self.check("expirationYear", &ours.expiry.year(), &theirs.expiry.year());
        self.check("funding", &ours.funding, &theirs.funding);
        self.check("issuerCountry", &ours.issuer_country, &theirs.issuer_country);
        self.check("fingerprint", &ours.fingerprint, &theirs.fingerprint);
    }

    fn bank_account(&mut self, ours: &VaultBankAccount, theirs: &VaultBankAccount) {
        self.check("maskedAccountNumber", &ours.number, &theirs.number);
        self.check("maskedTransitNumber", &ours.transit_number, &theirs.transit_number);
        self.check("bankAccountType", &ours.account_type, &theirs.account_type);
        self.check("accountHolderType", &ours.holder_type, &theirs.holder_type);
        self.check("bankName", &ours.bank_name, &theirs.bank_name);
        self.check("bankCountry", &ours.bank_country, &theirs.bank_country);
        self.check("currency", &ours.currency, &theirs.currency);
        self.check("verificationStatus", &ours.verification, &theirs.verification);
        self.check("fingerprint", &ours.fingerprint, &theirs.fingerprint);
    }
}
