//! The first line of a CSV file.

use cardlift_core::card_number::INSTEAD;
use thiserror::Error;

use crate::alike::is_alike;
use crate::csv;
use crate::row::{CUSTOMER, EXTERNAL_CARD, EXTERNAL_CUSTOMER};

/// What columns are separated by, the likeliest first.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// A file that is refused as a whole. Nothing of it is repeated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotRows {
    /// There is nothing in it.
    #[error("the file is empty: a CSV file begins with a line that names its columns")]
    Empty,
    /// Its first line is no text of a reasonable length.
    #[error("the file is no CSV: its first line must name the columns, in UTF-8")]
    NoHeader,
    /// A column that must be there is not.
    #[error("the file has no column {0}: its first line must name one")]
    NoColumn(&'static str),
    /// A column that may be left out is, and another is called nearly so.
    #[error("the file has a column that is nearly called {0}: call it so, or leave it out")]
    Alike(&'static str),
    /// A column is there twice.
    #[error("the file has the column {0} twice")]
    Twice(&'static str),
    /// A line, from 1, holds what looks like a card number. Rows before it were given out.
    #[error("line {line} of the file holds what looks like a card number. {INSTEAD}")]
    CardNumber {
        /// The line.
        line: u64,
    },
}

/// Where the columns are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) separator: char,
    /// How many columns there are.
    pub(crate) width: usize,
    pub(crate) customer: usize,
    pub(crate) external_customer: usize,
    pub(crate) external_card: Option<usize>,
}

impl Header {
    pub(crate) fn parse(line: &str) -> Result<Self, NotRows> {
        let with = |separator| {
            let names = csv::fields(line, separator).map_err(|_| NotRows::NoHeader)?;
            let column = |name| column(&names, name);
            let header = Self {
                separator,
                width: names.len(),
                customer: column(CUSTOMER)?.ok_or(NotRows::NoColumn(CUSTOMER))?,
                external_customer: column(EXTERNAL_CUSTOMER)?
                    .ok_or(NotRows::NoColumn(EXTERNAL_CUSTOMER))?,
                external_card: column(EXTERNAL_CARD)?,
            };
            let alike = || names.iter().any(|name| is_alike(name, EXTERNAL_CARD));
            if header.external_card.is_none() && alike() {
                return Err(NotRows::Alike(EXTERNAL_CARD));
            }
            Ok(header)
        };
        let [comma, others @ ..] = SEPARATORS;
        let header = with(comma);
        match header {
            Err(NotRows::NoColumn(_)) => {
                let has_them = |found: &Result<_, _>| !matches!(found, Err(NotRows::NoColumn(_)));
                others.into_iter().map(with).find(has_them).unwrap_or(header)
            }
            header => header,
        }
    }
}

/// Where a column is, by its name in any letter case.
fn column(names: &[impl AsRef<str>], column: &'static str) -> Result<Option<usize>, NotRows> {
    let is_it = |(_, name): &(usize, &str)| name.trim().eq_ignore_ascii_case(column);
    let mut places = names.iter().map(AsRef::as_ref).enumerate().filter(is_it);
    let first = places.next().map(|(place, _)| place);
    if places.next().is_some() { Err(NotRows::Twice(column)) } else { Ok(first) }
}
