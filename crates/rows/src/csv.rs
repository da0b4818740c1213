//! A line of CSV, as RFC 4180 has it, and as programs write it.

use std::borrow::Cow;

/// Why there are no fields in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unquotable {
    /// A quoted field is not closed yet.
    Open,
    /// Something stands between the end of a quoted field and the next separator. What looks like
    /// the end of one field is then likely to be the beginning of another, lines away.
    Trailing,
}

/// The fields of a record.
pub(crate) fn fields(record: &str, separator: char) -> Result<Vec<Cow<'_, str>>, Unquotable> {
    let mut fields = Vec::new();
    let mut rest = record;
    loop {
        let (field, after) = match rest.trim_start_matches(' ').strip_prefix('"') {
            Some(quoted) => unquoted(quoted, separator)?,
            None => match rest.split_once(separator) {
                Some((field, after)) => (field.into(), Some(after)),
                None => (rest.into(), None),
            },
        };
        fields.push(field);
        match after {
            Some(after) => rest = after,
            None => return Ok(fields),
        }
    }
}

/// A field after its opening quote, and what comes after its separator. A quote within is written
/// twice.
fn unquoted(quoted: &str, separator: char) -> Result<(Cow<'_, str>, Option<&str>), Unquotable> {
    let mut field = Cow::Borrowed("");
    let mut rest = quoted;
    loop {
        let (text, after) = rest.split_once('"').ok_or(Unquotable::Open)?;
        field += text;
        if let Some(after) = after.strip_prefix('"') {
            field += "\"";
            rest = after;
            continue;
        }
        let (tail, after) = match after.split_once(separator) {
            Some((tail, after)) => (tail, Some(after)),
            None => (after, None),
        };
        return if tail.trim().is_empty() { Ok((field, after)) } else { Err(Unquotable::Trailing) };
    }
}
