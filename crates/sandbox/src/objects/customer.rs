//! The customer object.

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::card::PaymentMethod;
use super::list::List;
use super::source::Source;
use crate::data::{Customer, Holding};

/// How many sources an expanded customer carries.
const SOURCES: usize = 10;

/// Which fields of a customer are objects, not ids.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expanded {
    sources: bool,
    default_source: bool,
    default_payment_method: bool,
}

/// A customer, with these of its fields expanded.
pub(crate) struct CustomerObject<'a> {
    pub(crate) customer: &'a Customer,
    pub(crate) expanded: Expanded,
}

#[derive(Serialize)]
struct InvoiceSettings<'a> {
    custom_fields: (),
    default_payment_method: Option<DefaultHolding<'a>>,
    footer: (),
}

/// An id, or the object where it is expanded.
#[derive(Serialize)]
#[serde(untagged)]
enum DefaultHolding<'a> {
    Id(&'a str),
    Source(Source<'a>),
    PaymentMethod(PaymentMethod<'a>),
}

struct Metadata<'a>(&'a [(&'static str, String)]);

impl Expanded {
    /// The fields of these names.
    pub(crate) fn of(names: &[String]) -> Self {
        let is_among = |field: &str| names.iter().any(|name| name == field);
        Self {
            sources: is_among("sources"),
            default_source: is_among("default_source"),
            default_payment_method: is_among("invoice_settings.default_payment_method"),
        }
    }
}

impl<'a> CustomerObject<'a> {
    fn default_source(&self) -> Option<DefaultHolding<'a>> {
        let id = self.customer.default_source.as_ref()?;
        Some(
            self.default(id, self.expanded.default_source, |held| {
                DefaultHolding::Source(Source(held))
            }),
        )
    }

    fn default_payment_method(&self) -> Option<DefaultHolding<'a>> {
        let id = self.customer.default_payment_method.as_ref()?;
        let object = |held| DefaultHolding::PaymentMethod(PaymentMethod(held));
        Some(self.default(id, self.expanded.default_payment_method, object))
    }

    fn default(
        &self,
        id: &'a str,
        expanded: bool,
        object: impl FnOnce(&'a Holding) -> DefaultHolding<'a>,
    ) -> DefaultHolding<'a> {
        let held = self.customer.holding(id).filter(|_| expanded);
        held.map_or(DefaultHolding::Id(id), object)
    }

    fn sources(&self) -> List<Source<'a>> {
        let sources = self.customer.sources().take(SOURCES).map(Source).collect();
        let more = self.customer.sources().nth(SOURCES).is_some();
        List::new(format!("/v1/customers/{}/sources", self.customer.id), sources, more)
    }
}

impl Serialize for CustomerObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let customer = self.customer;
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("id", &customer.id)?;
        object.serialize_entry("object", "customer")?;
        if customer.deleted {
            object.serialize_entry("deleted", &true)?;
            return object.end();
        }
        object.serialize_entry("address", &())?;
        object.serialize_entry("balance", &0)?;
        object.serialize_entry("created", &customer.created)?;
        object.serialize_entry("currency", "usd")?;
        object.serialize_entry("default_source", &self.default_source())?;
        object.serialize_entry("delinquent", &false)?;
        object.serialize_entry("description", &())?;
        object.serialize_entry("discount", &())?;
        object.serialize_entry("email", &customer.email)?;
        object.serialize_entry("invoice_prefix", "SANDBOX")?;
        let settings = InvoiceSettings {
            custom_fields: (),
            default_payment_method: self.default_payment_method(),
            footer: (),
        };
        object.serialize_entry("invoice_settings", &settings)?;
        object.serialize_entry("livemode", &false)?;
        object.serialize_entry("metadata", &Metadata(&customer.metadata))?;
        object.serialize_entry("name", customer.name)?;
        object.serialize_entry("next_invoice_sequence", &1)?;
        object.serialize_entry("phone", &())?;
        object.serialize_entry("preferred_locales", &[(); 0])?;
        object.serialize_entry("shipping", &())?;
        if self.expanded.sources {
            object.serialize_entry("sources", &self.sources())?;
        }
        object.serialize_entry("tax_exempt", "none")?;
        object.serialize_entry("test_clock", &())?;
        object.end()
    }
}

impl Serialize for Metadata<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}
