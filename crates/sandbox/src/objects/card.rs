//! Cards, in each shape.

use serde::Serialize;

use super::fields::{Empty, object};
use super::holder::{Fingerprint, HolderAddress, Person};
use crate::data::Holding;

/// As `/v1/customers/{id}/sources/{id}` gives it.
pub(super) struct Card<'a>(pub(super) &'a Holding);

/// As `/v1/payment_methods/{id}` gives it: a card keeps its id and has this shape.
pub(crate) struct PaymentMethod<'a>(pub(crate) &'a Holding);

/// What of a source is the card.
pub(super) struct CardOfSource<'a>(pub(super) &'a Holding);

/// What of a payment method is the card.
struct CardOfPaymentMethod<'a>(&'a Holding);

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "they are named as the API names them")]
struct Checks {
    address_line1_check: (),
    address_postal_code_check: (),
    cvc_check: &'static str,
}

#[derive(Serialize)]
struct Networks {
    available: [&'static str; 1],
    preferred: (),
}

#[derive(Serialize)]
struct ThreeDSecure {
    supported: bool,
}

object!(Card as holding {
    "id": holding.id,
    "object": "card",
    "address_city": holding.holder.city,
    "address_country": holding.holder.country,
    "address_line1": holding.holder.line1,
    "address_line1_check": (),
    "address_line2": (),
    "address_state": holding.holder.state,
    "address_zip": holding.holder.postal_code,
    "address_zip_check": (),
    "brand": holding.brand.of_card,
    "country": "US",
    "customer": holding.customer,
    "cvc_check": "pass",
    "dynamic_last4": (),
    "exp_month": holding.exp_month,
    "exp_year": holding.exp_year,
    "fingerprint": Fingerprint(holding.brand),
    "funding": "credit",
    "last4": holding.brand.last4,
    "metadata": Empty {},
    "name": holding.holder.name,
    "tokenization_method": (),
});

object!(PaymentMethod as holding {
    "id": holding.id,
    "object": "payment_method",
    "allow_redisplay": "unspecified",
    "billing_details": Person {
        address: HolderAddress(&holding.holder),
        email: (),
        name: holding.holder.name,
        phone: (),
    },
    "card": CardOfPaymentMethod(holding),
    "created": holding.created,
    "customer": holding.customer,
    "livemode": false,
    "metadata": Empty {},
    "type": "card",
});

object!(CardOfPaymentMethod as holding {
    "brand": holding.brand.of_payment_method,
    "checks": Checks {
        address_line1_check: (),
        address_postal_code_check: (),
        cvc_check: "pass",
    },
    "country": "US",
    "display_brand": holding.brand.display,
    "exp_month": holding.exp_month,
    "exp_year": holding.exp_year,
    "fingerprint": Fingerprint(holding.brand),
    "funding": "credit",
    "generated_from": (),
    "last4": holding.brand.last4,
    "networks": Networks { available: [holding.brand.of_payment_method], preferred: () },
    "three_d_secure_usage": ThreeDSecure { supported: true },
    "wallet": (),
});

object!(CardOfSource as holding {
    "address_line1_check": (),
    "address_zip_check": (),
    "brand": holding.brand.of_card,
    "country": "US",
    "cvc_check": "pass",
    "dynamic_last4": (),
    "exp_month": holding.exp_month,
    "exp_year": holding.exp_year,
    "fingerprint": Fingerprint(holding.brand),
    "funding": "credit",
    "last4": holding.brand.last4,
    "name": (),
    "three_d_secure": "optional",
    "tokenization_method": (),
});
