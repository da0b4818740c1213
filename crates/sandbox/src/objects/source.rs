//! What the older API calls sources.

use serde::{Serialize, Serializer};

use super::card::{Card, CardOfSource, PaymentMethod};
use super::fields::{Empty, object};
use super::holder::{Fingerprint, HolderAddress};
use crate::data::{Holding, Kind};

/// As `/v1/customers/{id}/sources/{id}` gives it.
pub(crate) struct Source<'a>(pub(crate) &'a Holding);

struct CardSource<'a>(&'a Holding);

struct AchSource<'a>(&'a Holding);

struct Owner<'a>(&'a Holding);

struct BankAccount<'a>(&'a Holding);

struct ClientSecret<'a>(&'a Holding);

impl Serialize for Source<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(holding) = self;
        match holding.kind {
            Kind::Card => Card(holding).serialize(serializer),
            Kind::PaymentMethod => PaymentMethod(holding).serialize(serializer),
            Kind::CardSource => CardSource(holding).serialize(serializer),
            Kind::AchSource => AchSource(holding).serialize(serializer),
            Kind::BankAccount | Kind::UnverifiedBankAccount => {
                BankAccount(holding).serialize(serializer)
            }
        }
    }
}

object!(CardSource as holding {
    "id": holding.id,
    "object": "source",
    "amount": (),
    "card": CardOfSource(holding),
    "client_secret": ClientSecret(holding),
    "created": holding.created,
    "currency": (),
    "customer": holding.customer,
    "flow": "none",
    "livemode": false,
    "metadata": Empty {},
    "owner": Owner(holding),
    "statement_descriptor": (),
    "status": "chargeable",
    "type": "card",
    "usage": "reusable",
});

object!(AchSource as holding {
    "id": holding.id,
    "object": "source",
    "amount": (),
    "client_secret": ClientSecret(holding),
    "created": holding.created,
    "currency": (),
    "customer": holding.customer,
    "flow": "receiver",
    "livemode": false,
    "metadata": Empty {},
    "owner": Owner(holding),
    "statement_descriptor": (),
    "status": "chargeable",
    "type": "ach_credit_transfer",
    "usage": "reusable",
});

object!(Owner as holding {
    "address": HolderAddress(&holding.holder),
    "email": (),
    "name": holding.holder.name,
    "phone": (),
    "verified_address": (),
    "verified_email": (),
    "verified_name": (),
    "verified_phone": (),
});

object!(BankAccount as holding {
    "id": holding.id,
    "object": "bank_account",
    "account_holder_name": holding.holder.name,
    "account_holder_type": "individual",
    "account_type": (),
    "bank_name": "STRIPE TEST BANK",
    "country": "US",
    "currency": "usd",
    "customer": holding.customer,
    "fingerprint": Fingerprint(holding.brand),
    "last4": "6789",
    "metadata": Empty {},
    "routing_number": "110000000",
    "status": if holding.kind == Kind::BankAccount { "verified" } else { "new" },
});

impl Serialize for ClientSecret<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}_secret_sandbox", self.0.id))
    }
}
