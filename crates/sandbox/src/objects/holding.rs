//! What customers pay with, in each shape.

use serde_json::{Value, json};

use crate::data::{Holding, Kind};

/// As `/v1/customers/{id}/sources/{id}` gives it.
pub(crate) fn as_source(holding: &Holding) -> Value {
    match holding.kind {
        Kind::Card => card(holding),
        Kind::PaymentMethod => as_payment_method(holding),
        Kind::CardSource => card_source(holding),
        Kind::AchSource => ach_source(holding),
        Kind::BankAccount => bank_account(holding, "verified"),
        Kind::UnverifiedBankAccount => bank_account(holding, "new"),
    }
}

fn card(holding: &Holding) -> Value {
    let holder = &holding.holder;
    json!({
        "id": holding.id,
        "object": "card",
        "address_city": holder.city,
        "address_country": holder.country,
        "address_line1": holder.line1,
        "address_line1_check": null,
        "address_line2": null,
        "address_state": holder.state,
        "address_zip": holder.postal_code,
        "address_zip_check": null,
        "brand": holding.brand.of_card,
        "country": "US",
        "customer": holding.customer,
        "cvc_check": "pass",
        "dynamic_last4": null,
        "exp_month": holding.exp_month,
        "exp_year": holding.exp_year,
        "fingerprint": fingerprint(holding),
        "funding": "credit",
        "last4": holding.brand.last4,
        "metadata": {},
        "name": holder.name,
        "tokenization_method": null
    })
}

/// As `/v1/payment_methods/{id}` gives it: a card keeps its id and has this shape.
pub(crate) fn as_payment_method(holding: &Holding) -> Value {
    json!({
        "id": holding.id,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {
            "address": address(holding),
            "email": null,
            "name": holding.holder.name,
            "phone": null
        },
        "card": {
            "brand": holding.brand.of_payment_method,
            "checks": {
                "address_line1_check": null,
                "address_postal_code_check": null,
                "cvc_check": "pass"
            },
            "country": "US",
            "display_brand": holding.brand.display,
            "exp_month": holding.exp_month,
            "exp_year": holding.exp_year,
            "fingerprint": fingerprint(holding),
            "funding": "credit",
            "generated_from": null,
            "last4": holding.brand.last4,
            "networks": {"available": [holding.brand.of_payment_method], "preferred": null},
            "three_d_secure_usage": {"supported": true},
            "wallet": null
        },
        "created": holding.created,
        "customer": holding.customer,
        "livemode": false,
        "metadata": {},
        "type": "card"
    })
}

fn card_source(holding: &Holding) -> Value {
    let mut source = source(holding, "card", "none");
    if let Some(fields) = source.as_object_mut() {
        let card = json!({
            "address_line1_check": null,
            "address_zip_check": null,
            "brand": holding.brand.of_card,
            "country": "US",
            "cvc_check": "pass",
            "dynamic_last4": null,
            "exp_month": holding.exp_month,
            "exp_year": holding.exp_year,
            "fingerprint": fingerprint(holding),
            "funding": "credit",
            "last4": holding.brand.last4,
            "name": null,
            "three_d_secure": "optional",
            "tokenization_method": null
        });
        fields.insert("card".to_owned(), card);
    }
    source
}

fn ach_source(holding: &Holding) -> Value {
    source(holding, "ach_credit_transfer", "receiver")
}

fn source(holding: &Holding, kind: &str, flow: &str) -> Value {
    json!({
        "id": holding.id,
        "object": "source",
        "amount": null,
        "client_secret": format!("{}_secret_sandbox", holding.id),
        "created": holding.created,
        "currency": null,
        "customer": holding.customer,
        "flow": flow,
        "livemode": false,
        "metadata": {},
        "owner": {
            "address": address(holding),
            "email": null,
            "name": holding.holder.name,
            "phone": null,
            "verified_address": null,
            "verified_email": null,
            "verified_name": null,
            "verified_phone": null
        },
        "statement_descriptor": null,
        "status": "chargeable",
        "type": kind,
        "usage": "reusable"
    })
}

fn bank_account(holding: &Holding, status: &str) -> Value {
    json!({
        "id": holding.id,
        "object": "bank_account",
        "account_holder_name": holding.holder.name,
        "account_holder_type": "individual",
        "account_type": null,
        "bank_name": "STRIPE TEST BANK",
        "country": "US",
        "currency": "usd",
        "customer": holding.customer,
        "fingerprint": fingerprint(holding),
        "last4": "6789",
        "metadata": {},
        "routing_number": "110000000",
        "status": status
    })
}

fn address(holding: &Holding) -> Value {
    let holder = &holding.holder;
    json!({
        "city": holder.city,
        "country": holder.country,
        "line1": holder.line1,
        "line2": null,
        "postal_code": holder.postal_code,
        "state": holder.state
    })
}

/// The same card has the same one, in whichever shape.
fn fingerprint(holding: &Holding) -> String {
    format!("sandbox{}{}", holding.brand.name, holding.brand.last4)
}
