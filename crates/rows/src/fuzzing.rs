//! What a fuzzer tries with files of rows: see `fuzz/`. The tests try it with what it left there.

use cardlift_core::card_number::looks_like_a_card_number;
use cardlift_core::job::{NewJobRow, RowTarget};

use crate::lines::LONGEST;
use crate::row::{CUSTOMER, EXTERNAL_CARD, EXTERNAL_CUSTOMER, Row};
use crate::{Format, NotRows, RowReader};

/// The longest problem that is told. What it is about stands nowhere in it.
const LONGEST_PROBLEM: usize = 120;

/// The longest customer that fits into a row that has something else before it.
const SHORT: usize = 1_000;

/// Reads a file whose first byte says how: an even one is CSV, an odd one NDJSON, and it comes in pieces
/// of half as many bytes, and one.
///
/// # Panics
/// Where something does not hold that must.
pub fn rows(input: &[u8]) {
    let Some((how, file)) = input.split_first() else { return };
    let format = if how % 2 == 0 { Format::Csv } else { Format::Ndjson };
    let (rows, end) = read(format, [file]);

    let size = usize::from(how / 2) + 1;
    assert_eq!(read(format, file.chunks(size)), (rows.clone(), end.clone()), "in pieces");
    let (one, other) = file.split_at(file.len() * usize::from(*how) / 256);
    assert_eq!(read(format, [one, other]), (rows.clone(), end.clone()), "in two");

    lines_are_told_once(file, &rows);
    no_card_number_gets_by(file, &rows, &end);
    let targets: Vec<_> = rows.into_iter().filter_map(|row| row.content.ok()).collect();
    for format in [Format::Csv, Format::Ndjson] {
        read_again(format, &targets);
    }
}

/// The rows that are given out, and how that ends.
fn read<'a>(
    format: Format,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<Row>, Result<(), NotRows>) {
    let (mut reader, mut rows) = (RowReader::new(format), Vec::new());
    let read = pieces.into_iter().try_for_each(|piece| reader.push(piece, &mut rows));
    let end = read.and_then(|()| reader.finish(&mut rows));
    (rows, end)
}

fn lines_are_told_once(file: &[u8], rows: &[Row]) {
    let lines = || rows.iter().map(|row| row.line);
    assert!(lines().is_sorted_by(|one, next| one < next), "each once and in order");
    let count = file.split(|byte| *byte == b'\n').count();
    assert!(lines().all(|line| usize::try_from(line).is_ok_and(|line| line <= count)), "no others");
}

fn no_card_number_gets_by(file: &[u8], rows: &[Row], end: &Result<(), NotRows>) {
    if end.is_ok() {
        let lines = file.split(|byte| *byte == b'\n').filter(|line| line.len() <= LONGEST);
        assert!(!lines.into_iter().any(looks_like_a_card_number), "in a line");
    }
    if let Err(NotRows::CardNumber { line }) = end {
        assert!(rows.iter().all(|row| row.line < *line), "nothing is read from it on");
    }
    for row in rows {
        match &row.content {
            Ok(target) => {
                assert!(!looks_like_a_card_number(&target.customer_as_given), "in a customer");
            }
            Err(problem) => {
                let told = problem.to_string();
                assert!(told.len() <= LONGEST_PROBLEM && told.is_ascii(), "nothing of it: {told}");
            }
        }
        let _as_it_goes_on = NewJobRow::from(row.clone());
    }
}

/// What was read, written in either format, is read as the same.
fn read_again(format: Format, targets: &[RowTarget]) {
    let short = |target: &&RowTarget| target.customer_as_given.len() <= SHORT;
    let targets: Vec<_> = targets.iter().filter(short).cloned().map(Ok).collect();
    let mut file = match format {
        Format::Csv => format!("{CUSTOMER},{EXTERNAL_CUSTOMER},{EXTERNAL_CARD}\n"),
        Format::Ndjson => String::new(),
    };
    for target in targets.iter().flatten() {
        file.push_str(&written(format, target));
    }
    let (rows, end) = read(format, [file.as_bytes()]);
    let contents: Vec<_> = rows.into_iter().map(|row| row.content).collect();
    assert_eq!((contents, end), (targets, Ok(())), "written again, as {format:?}");
}

fn written(format: Format, target: &RowTarget) -> String {
    let RowTarget { external_customer, external_card, customer_as_given, .. } = target;
    let card = external_card.as_ref().map(ToString::to_string).unwrap_or_default();
    match format {
        Format::Csv => format!("{customer_as_given},{external_customer},{card}\n"),
        Format::Ndjson => format!(
            "{{\"{CUSTOMER}\":\"{customer_as_given}\",\"{EXTERNAL_CUSTOMER}\":\"{external_customer}\",\
             \"{EXTERNAL_CARD}\":\"{card}\"}}\n"
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_a_fuzzer_left_is_read_as_it_should_be() {
        let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/rows");
        let files: Vec<_> = fs::read_dir(corpus).expect("a corpus").collect();
        assert!(!files.is_empty(), "{corpus} is empty");
        for file in files {
            let path = file.expect("a file").path();
            println!("{}", path.display());
            rows(&fs::read(path).expect("its bytes"));
        }
    }
}
