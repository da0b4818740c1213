//! The customer object.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::RawList;
use super::metadata::Metadata;
use super::text::Text;

/// A customer. What it pays with is expanded, and read later.
#[derive(Debug, Deserialize)]
pub(crate) struct Customer<'a> {
    #[serde(borrow)]
    pub(crate) id: Text<'a>,
    #[serde(default)]
    pub(crate) deleted: bool,
    /// A customer that was deleted has none.
    pub(crate) created: Option<i64>,
    pub(crate) email: Option<Text<'a>>,
    pub(crate) metadata: Option<Metadata>,
    pub(crate) default_source: Option<&'a RawValue>,
    pub(crate) invoice_settings: Option<InvoiceSettings<'a>>,
    pub(crate) sources: Option<RawList<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct InvoiceSettings<'a> {
    #[serde(borrow)]
    pub(crate) default_payment_method: Option<&'a RawValue>,
}
