//! Rows out of pieces of a file.

use std::borrow::Cow;
use std::str;

use cardlift_core::card_number::looks_like_a_card_number;
use cardlift_core::job::RowTarget;

use crate::csv::Unquotable;
use crate::escaped;
use crate::header::{Header, NotRows};
use crate::lines::{LONGEST, Line, Lines};
use crate::row::{Row, RowProblem, target};
use crate::{csv, ndjson};

/// How many lines a record may have. It bounds what a file of nothing but quotes costs to read.
const MOST_LINES: usize = 32;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Columns with a header: `text/csv`.
    Csv,
    /// A JSON object a line: `application/x-ndjson`.
    Ndjson,
}

/// Reads the rows of a file that comes in pieces. Memory is bounded by the longest row.
#[derive(Debug)]
pub struct RowReader {
    lines: Lines,
    rows: Rows,
}

#[derive(Debug)]
enum Rows {
    Ndjson,
    /// CSV whose header has not come.
    Csv,
    Records(Records),
}

/// The records of a CSV file.
#[derive(Debug)]
struct Records {
    header: Header,
    /// The lines of a record whose quoted field goes on, each with its number.
    open: Vec<(u64, String)>,
    /// Their length.
    length: usize,
}

impl RowReader {
    /// A reader of a file from its beginning.
    #[must_use]
    pub fn new(format: Format) -> Self {
        let rows = match format {
            Format::Csv => Rows::Csv,
            Format::Ndjson => Rows::Ndjson,
        };
        Self { lines: Lines::default(), rows }
    }

    /// Reads on, and adds each row that is complete.
    ///
    /// # Errors
    /// [`NotRows`] for a CSV file whose first line is no header, and for any file with a line that
    /// holds what looks like a card number.
    pub fn push(&mut self, bytes: &[u8], rows: &mut Vec<Row>) -> Result<(), NotRows> {
        let Self { lines, rows: state } = self;
        lines.push(bytes, |number, line| state.take(number, line, rows))
    }

    /// The file is at its end; adds what is left of it.
    ///
    /// # Errors
    /// [`NotRows`] for a CSV file that has no header, and for a last line as above.
    pub fn finish(self, rows: &mut Vec<Row>) -> Result<(), NotRows> {
        let Self { mut lines, rows: mut state } = self;
        lines.finish(|number, line| state.take(number, line, rows))?;
        match state {
            Rows::Ndjson => Ok(()),
            Rows::Csv => Err(NotRows::Empty),
            Rows::Records(mut records) => {
                while !records.open.is_empty() {
                    records.give_up(rows);
                }
                Ok(())
            }
        }
    }
}

impl Rows {
    fn take(&mut self, number: u64, line: Line<'_>, rows: &mut Vec<Row>) -> Result<(), NotRows> {
        let line = match line {
            Line::TooLong => Err(RowProblem::TooLong),
            Line::Whole(line) if looks_like_a_card_number(line) => {
                return Err(NotRows::CardNumber { line: number });
            }
            Line::Whole(line) => str::from_utf8(line).map_err(|_| RowProblem::NotUtf8),
        };
        match self {
            Self::Ndjson => {
                if line.as_ref().is_ok_and(|line| escaped::holds_card_number(line)) {
                    return Err(NotRows::CardNumber { line: number });
                }
                if line.as_ref().is_ok_and(|line| line.trim().is_empty()) {
                    return Ok(());
                }
                rows.push(Row { line: number, content: line.and_then(ndjson::parse) });
            }
            Self::Csv => {
                let line = line.map_err(|_| NotRows::NoHeader)?;
                if !line.trim().is_empty() {
                    let header = Header::parse(line)?;
                    *self = Self::Records(Records { header, open: Vec::new(), length: 0 });
                }
            }
            Self::Records(records) => records.take(number, line, rows),
        }
        Ok(())
    }
}

impl Records {
    fn take(&mut self, number: u64, line: Result<&str, RowProblem>, rows: &mut Vec<Row>) {
        let line = match line {
            Ok(line) => line,
            Err(problem) => {
                // No record goes on over such a line.
                while !self.open.is_empty() {
                    self.give_up(rows);
                }
                return rows.push(Row { line: number, content: Err(problem) });
            }
        };
        if self.open.is_empty() && line.trim().is_empty() {
            return;
        }
        if self.open.is_empty() {
            match self.record(line) {
                Ok(content) => return rows.push(Row { line: number, content }),
                Err(Unquotable::Trailing) => {
                    return rows.push(Row { line: number, content: Err(RowProblem::Quote) });
                }
                Err(Unquotable::Open) => {}
            }
        }
        self.length += line.len() + 1;
        self.open.push((number, line.to_owned()));
        // A line that has no quote closes none.
        let closes = self.open.len() > 1 && line.contains('"');
        if self.length > LONGEST || self.open.len() > MOST_LINES {
            self.give_up(rows);
        } else if closes {
            self.close(rows);
        }
    }

    /// Ends the open record, where its quoted field is closed now. Where that makes no record, it
    /// was a quote that stands alone, and the lines after it are records of their own.
    fn close(&mut self, rows: &mut Vec<Row>) {
        let lines: Vec<_> = self.open.iter().map(|(_, line)| line.as_str()).collect();
        match self.record(&lines.join("\n")) {
            Err(Unquotable::Open) => {}
            Err(Unquotable::Trailing) | Ok(Err(RowProblem::Fields { .. })) => self.give_up(rows),
            Ok(content) => {
                rows.extend(self.open.first().map(|(line, _)| Row { line: *line, content }));
                self.open.clear();
                self.length = 0;
            }
        }
    }

    /// Tells the first open line apart as the one whose quote is not closed, and reads those after
    /// it again.
    fn give_up(&mut self, rows: &mut Vec<Row>) {
        let mut lines = std::mem::take(&mut self.open).into_iter();
        self.length = 0;
        if let Some((line, _)) = lines.next() {
            rows.push(Row { line, content: Err(RowProblem::Quote) });
        }
        for (number, line) in lines {
            self.take(number, Ok(&line), rows);
        }
    }

    /// The row of a record.
    fn record(&self, record: &str) -> Result<Result<RowTarget, RowProblem>, Unquotable> {
        let Header { separator, width, customer, external_customer, external_card } = self.header;
        let fields = csv::fields(record, separator)?;
        if fields.len() != width {
            return Ok(Err(RowProblem::Fields { found: fields.len(), expected: width }));
        }
        let field = |place: usize| fields.get(place).map(Cow::as_ref).unwrap_or_default();
        let card = external_card.map(field).unwrap_or_default();
        Ok(target(field(customer), field(external_customer), card))
    }
}

#[cfg(test)]
mod tests;
