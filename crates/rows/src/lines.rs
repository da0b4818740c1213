//! Lines out of pieces of a file.

use memchr::memchr;

/// The longest row, in bytes.
pub(crate) const LONGEST: usize = 16 * 1024;

/// A mark that some programs put before a text.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Puts lines together, none longer than a row may be.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// The beginning of a line whose end has not come.
    begun: Vec<u8>,
    /// The rest of the line is dropped: it is too long.
    too_long: bool,
    /// How many lines there were.
    count: u64,
}

/// A line, without its end.
#[derive(Clone, Copy)]
pub(crate) enum Line<'a> {
    Whole(&'a [u8]),
    TooLong,
}

impl Lines {
    /// Gives each line that these bytes complete, with its number from 1.
    pub(crate) fn push<E>(
        &mut self,
        mut bytes: &[u8],
        mut each: impl FnMut(u64, Line<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        while let Some(end) = memchr(b'\n', bytes) {
            let (line, rest) = bytes.split_at(end);
            bytes = rest.get(1..).unwrap_or_default();
            if self.begun.is_empty() && !self.too_long && line.len() <= LONGEST {
                self.count += 1;
                each(self.count, whole(self.count, line))?;
            } else {
                self.keep(line);
                self.end(&mut each)?;
            }
        }
        self.keep(bytes);
        Ok(())
    }

    /// Gives the last line, where it has no end.
    pub(crate) fn finish<E>(
        &mut self,
        mut each: impl FnMut(u64, Line<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.begun.is_empty() && !self.too_long { Ok(()) } else { self.end(&mut each) }
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.too_long || self.begun.len() + bytes.len() > LONGEST {
            self.too_long = true;
            self.begun.clear();
        } else {
            self.begun.extend_from_slice(bytes);
        }
    }

    fn end<E>(&mut self, each: &mut impl FnMut(u64, Line<'_>) -> Result<(), E>) -> Result<(), E> {
        self.count += 1;
        let line =
            if self.too_long { Line::TooLong } else { whole(self.count, self.begun.as_slice()) };
        let given = each(self.count, line);
        self.begun.clear();
        self.too_long = false;
        given
    }
}

fn whole(number: u64, line: &[u8]) -> Line<'_> {
    let line = if number == 1 { line.strip_prefix(MARK).unwrap_or(line) } else { line };
    Line::Whole(line.strip_suffix(b"\r").unwrap_or(line))
}
