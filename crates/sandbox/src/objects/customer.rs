//! The customer object.

use serde_json::{Value, json};

use super::{as_payment_method, as_source, list};
use crate::data::Customer;

/// How many sources an expanded customer carries.
const SOURCES: usize = 10;

/// A customer, with these of its fields expanded.
pub(crate) fn customer(customer: &Customer, expand: &[String]) -> Value {
    if customer.deleted {
        return json!({"id": customer.id, "object": "customer", "deleted": true});
    }
    let expanded = |field: &str| expand.iter().any(|name| name == field);
    let default_source = held(customer, customer.default_source.as_ref(), || {
        expanded("default_source").then_some(as_source)
    });
    let default_method = held(customer, customer.default_payment_method.as_ref(), || {
        expanded("invoice_settings.default_payment_method").then_some(as_payment_method)
    });
    let mut object = json!({
        "id": customer.id,
        "object": "customer",
        "address": null,
        "balance": 0,
        "created": customer.created,
        "currency": "usd",
        "default_source": default_source,
        "delinquent": false,
        "description": null,
        "discount": null,
        "email": "someone@example.com",
        "invoice_prefix": "SANDBOX",
        "invoice_settings": {
            "custom_fields": null,
            "default_payment_method": default_method,
            "footer": null
        },
        "livemode": false,
        "metadata": {},
        "name": customer.name,
        "next_invoice_sequence": 1,
        "phone": null,
        "preferred_locales": [],
        "shipping": null,
        "tax_exempt": "none",
        "test_clock": null
    });
    if expanded("sources")
        && let Some(fields) = object.as_object_mut()
    {
        let sources: Vec<_> = customer.sources().take(SOURCES).map(as_source).collect();
        let has_more = customer.sources().nth(SOURCES).is_some();
        let url = format!("/v1/customers/{}/sources", customer.id);
        fields.insert("sources".to_owned(), list(&url, &sources, has_more));
    }
    object
}

type Render = fn(&crate::data::Holding) -> Value;

/// An id, or the object where it is expanded.
fn held(
    customer: &Customer,
    id: Option<&String>,
    expanded: impl FnOnce() -> Option<Render>,
) -> Value {
    let Some(id) = id else { return Value::Null };
    match (expanded(), customer.holding(id)) {
        (Some(render), Some(holding)) => render(&holding),
        _ => json!(id),
    }
}
