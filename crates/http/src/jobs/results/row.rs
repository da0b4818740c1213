//! A row with what became of it, as CSV or NDJSON has it.

use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::job::{JobRow, RowOutcome};
use cardlift_core::payment_method::PaymentMethodId;
use serde::Serialize;

use crate::jobs::file;

/// The columns, named as the members are.
const HEADER: &str = "line,customerId,stripeCustomerId,stripeCardId,outcome,field,detail,\
                      paymentMethodId,undone\r\n";

/// What a row is said to be of which nothing is known yet.
const PENDING: &str = "pending";

/// How the results of a job are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As RFC 4180 has it.
    Csv,
    /// A JSON object a line.
    Ndjson,
}

/// A row. What there is none of is null, or an empty cell.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RowObject<'a> {
    line: u64,
    /// As it was given.
    customer_id: Option<&'a str>,
    stripe_customer_id: Option<&'a str>,
    stripe_card_id: Option<&'a str>,
    outcome: &'static str,
    field: Option<&'a str>,
    detail: Option<&'a str>,
    payment_method_id: Option<i64>,
    undone: bool,
}

impl Form {
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => file::NDJSON,
        }
    }

    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    /// Writes what comes before the rows.
    pub fn begin(self, text: &mut String) {
        if self == Self::Csv {
            text.push_str(HEADER);
        }
    }

    /// Writes a row.
    pub fn write(self, row: &JobRow, text: &mut String) {
        let row = RowObject::from(row);
        match self {
            Self::Csv => row.write_csv(text),
            Self::Ndjson => {
                // It has no keys but text, and no numbers that JSON lacks: it can be written.
                text.push_str(&serde_json::to_string(&row).unwrap_or_default());
                text.push('\n');
            }
        }
    }
}

impl<'a> From<&'a JobRow> for RowObject<'a> {
    fn from(row: &'a JobRow) -> Self {
        let target = row.target.as_ref();
        let card = target.and_then(|target| target.external_card.as_ref());
        Self {
            line: row.line,
            customer_id: target.map(|target| target.customer_as_given.as_str()),
            stripe_customer_id: target
                .map(|target| &target.external_customer)
                .map(ExternalCustomerId::as_str),
            stripe_card_id: card.map(ExternalCardId::as_str),
            outcome: row.outcome.map_or(PENDING, RowOutcome::name),
            field: row.field.as_deref(),
            detail: row.detail.as_deref(),
            payment_method_id: row.payment_method.map(PaymentMethodId::get),
            undone: row.undone,
        }
    }
}

impl RowObject<'_> {
    fn write_csv(&self, text: &mut String) {
        let payment_method = self.payment_method_id.map(|id| id.to_string());
        let cells = [
            self.line.to_string(),
            cell(self.customer_id),
            cell(self.stripe_customer_id),
            cell(self.stripe_card_id),
            self.outcome.to_owned(),
            cell(self.field),
            free_text(self.detail),
            payment_method.unwrap_or_default(),
            self.undone.to_string(),
        ];
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
}

/// A cell, quoted where it has to be.
fn cell(value: Option<&str>) -> String {
    let value = value.unwrap_or_default();
    if value.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}

/// A cell of somebody's words. A spreadsheet would take some beginnings for a formula.
fn free_text(value: Option<&str>) -> String {
    match value {
        Some(value) if value.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
            cell(Some(&format!("'{value}")))
        }
        value => cell(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(form: Form, detail: &str) -> String {
        let row = JobRow {
            line: 7,
            part: 0,
            target: None,
            outcome: None,
            field: None,
            detail: Some(detail.to_owned()),
            payment_method: None,
            undone: false,
        };
        let mut text = String::new();
        form.write(&row, &mut text);
        text
    }

    #[track_caller]
    fn check(detail: &str, cell: &str) {
        assert_eq!(written(Form::Csv, detail), format!("7,,,,pending,,{cell},,false\r\n"));
    }

    #[test]
    fn a_cell_is_quoted_where_it_has_to_be() {
        check("plain: it's so", "plain: it's so");
        check("one, \"two\"", "\"one, \"\"two\"\"\"");
        check("one\ntwo", "\"one\ntwo\"");
    }

    #[test]
    fn nothing_that_somebody_says_is_a_formula() {
        for detail in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"] {
            check(detail, &format!("'{detail}"));
        }
        check("=1,2", "\"'=1,2\"");
        check("a=1", "a=1");
    }

    #[test]
    fn a_line_of_ndjson_has_every_member() {
        insta::assert_snapshot!(written(Form::Ndjson, "=1"), @r#"{"line":7,"customerId":null,"stripeCustomerId":null,"stripeCardId":null,"outcome":"pending","field":null,"detail":"=1","paymentMethodId":null,"undone":false}"#);
    }
}
