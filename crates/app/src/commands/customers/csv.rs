//! Customers in a CSV file.

use std::path::Path;

use cardlift_core::customer::{CustomerId, CustomerProfile, CustomerRecord};
use csv_async::{AsyncReader, AsyncReaderBuilder, StringRecord, Trim};
use thiserror::Error;
use tokio::fs::File;

/// The longest text a field may hold, in characters.
const LONGEST: usize = 255;

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
}

/// A line that is no customer. Nothing of the line is repeated.
#[derive(Debug, Error)]
pub(super) enum BadLine {
    #[error("line {line}: customerId must be a whole number from 1 to 9223372036854775807")]
    Id { line: u64 },
    #[error(
        "line {line}: {column} must be at most {LONGEST} characters, none of them a control \
         character"
    )]
    Text { line: u64, column: &'static str },
    #[error("a line can't be read")]
    Unreadable(#[from] csv_async::Error),
}

/// The columns that are taken; others are ignored.
const TEXTS: [&str; 12] = [
    "firstName",
    "middleName",
    "lastName",
    "companyName",
    "suffix",
    "title",
    "primaryEmail",
    "primaryPhone",
    "secondaryEmail",
    "secondaryPhone",
    "reference",
    "currency",
];

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
        let id = position(&header, "customerId", &path)?;
        let mut texts = [None; TEXTS.len()];
        for (place, column) in texts.iter_mut().zip(TEXTS) {
            *place = position(&header, column, &path)?;
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
        let id = self.record.get(self.id).and_then(|id| id.parse::<i64>().ok());
        let id = id.and_then(|id| CustomerId::try_from(id).ok()).ok_or(BadLine::Id { line })?;
        let mut texts = [const { None }; TEXTS.len()];
        for ((text, place), column) in texts.iter_mut().zip(self.texts).zip(TEXTS) {
            let value = place.and_then(|place| self.record.get(place)).unwrap_or_default();
            if value.chars().count() > LONGEST || value.chars().any(char::is_control) {
                return Err(BadLine::Text { line, column });
            }
            *text = Some(value.to_owned()).filter(|value| !value.is_empty());
        }
        let [
            first_name,
            middle_name,
            last_name,
            company_name,
            suffix,
            title,
            primary_email,
            primary_phone,
            secondary_email,
            secondary_phone,
            reference,
            currency,
        ] = texts;
        let profile = CustomerProfile {
            first_name,
            middle_name,
            last_name,
            company_name,
            suffix,
            title,
            primary_email,
            primary_phone,
            secondary_email,
            secondary_phone,
            reference,
            currency,
            parent: None,
        };
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
