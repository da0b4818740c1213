//! Customers in a CSV file.

use std::path::Path;

use cardlift_core::card_number::{INSTEAD, looks_like_a_card_number};
use cardlift_core::customer::{CustomerId, CustomerProfile, CustomerRecord, TextField};
use csv_async::{AsyncReader, AsyncReaderBuilder, StringRecord, Trim};
use thiserror::Error;
use tokio::fs::File;

/// A file that is no CSV of customers.
#[derive(Debug, Error)]
pub(super) enum OpenError {
    #[error("{path} can't be read")]
    Unreadable { path: String, source: std::io::Error },
    #[error("{path} is no CSV file with a header line in UTF-8")]
    NoCsv { path: String, source: csv_async::Error },
    #[error("{path} has no column customerId: its header line must name one")]
    NoId { path: String },
    #[error("{path} has the column {column} twice")]
    Twice { path: String, column: &'static str },
    #[error("{path} holds what looks like a card number in its header line. {INSTEAD}")]
    CardNumber { path: String },
}

/// A line that is no customer. Nothing of the line is repeated.
#[derive(Debug, Error)]
pub(super) enum BadLine {
    #[error("line {line}: customerId must be a whole number from 1 to 9223372036854775807")]
    Id { line: u64 },
    #[error(
        "line {line}: {column} must be at most {} characters, none of them a control character",
        CustomerProfile::LONGEST_TEXT
    )]
    Text { line: u64, column: &'static str },
    #[error("line {line}: column {column} holds what looks like a card number. {INSTEAD}")]
    CardNumber { line: u64, column: usize },
    #[error("a line can't be read")]
    Unreadable(#[from] csv_async::Error),
}

/// The columns that are taken; others are ignored.
const TEXTS: [TextField; 12] = CustomerProfile::TEXTS;

/// Reads customers, a line at a time.
pub(super) struct Reader {
    lines: AsyncReader<File>,
    record: StringRecord,
    id: usize,
    texts: [Option<usize>; TEXTS.len()],
}

impl Reader {
    pub(super) async fn open(file: &Path) -> Result<Self, OpenError> {
        let path = file.display().to_string();
        let opened = File::open(file).await;
        let opened =
            opened.map_err(|source| OpenError::Unreadable { path: path.clone(), source })?;
        let mut builder = AsyncReaderBuilder::new();
        let mut lines = builder.trim(Trim::All).flexible(false).create_reader(opened);
        let header = lines.headers().await.cloned();
        let header = header.map_err(|source| OpenError::NoCsv { path: path.clone(), source })?;
        if header.iter().any(looks_like_a_card_number) {
            return Err(OpenError::CardNumber { path });
        }
        let id = position(&header, "customerId", &path)?;
        let mut texts = [None; TEXTS.len()];
        for (place, text) in texts.iter_mut().zip(TEXTS) {
            *place = position(&header, text.name, &path)?;
        }
        let id = id.ok_or(OpenError::NoId { path })?;
        Ok(Self { lines, record: StringRecord::new(), id, texts })
    }

    /// The next customer; `None` at the end of the file.
    pub(super) async fn next(&mut self) -> Option<Result<CustomerRecord, BadLine>> {
        match self.lines.read_record(&mut self.record).await {
            Ok(false) => None,
            Ok(true) => Some(self.customer()),
            Err(error) => Some(Err(error.into())),
        }
    }

    fn customer(&self) -> Result<CustomerRecord, BadLine> {
        let line = self.record.position().map_or(0, csv_async::Position::line);
        // In the columns that are ignored as well: such a file is not to be here.
        if let Some(place) = self.record.iter().position(looks_like_a_card_number) {
            return Err(BadLine::CardNumber { line, column: place + 1 });
        }
        let id = self.record.get(self.id).and_then(|id| id.parse::<i64>().ok());
        let id = id.and_then(|id| CustomerId::try_from(id).ok()).ok_or(BadLine::Id { line })?;
        let mut profile = CustomerProfile::default();
        for (place, TextField { name: column, get_mut, .. }) in self.texts.iter().zip(TEXTS) {
            let value = place.and_then(|place| self.record.get(place)).unwrap_or_default();
            let text = CustomerProfile::text(value);
            *get_mut(&mut profile) = text.map_err(|_| BadLine::Text { line, column })?;
        }
        Ok(CustomerRecord { id, profile })
    }
}

/// Where a column is, by its name in any letter case. Some programs put a mark before the first.
fn position(
    header: &StringRecord,
    column: &'static str,
    path: &str,
) -> Result<Option<usize>, OpenError> {
    let is_it = |name: &str| name.trim_start_matches('\u{feff}').eq_ignore_ascii_case(column);
    let mut places = header.iter().enumerate().filter(|(_, name)| is_it(name));
    let first = places.next().map(|(place, _)| place);
    match places.next() {
        None => Ok(first),
        Some(_) => Err(OpenError::Twice { path: path.to_owned(), column }),
    }
}

#[cfg(test)]
mod tests;
