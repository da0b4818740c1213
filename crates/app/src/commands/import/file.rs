//! The file that a job is made of.

mod stdin;

use std::io;
use std::path::Path;

use cardlift_rows::Format;
use tokio::fs::File;
use tokio::io::AsyncReadExt;
#[cfg(test)]
use tokio::sync::mpsc::Receiver;

use self::stdin::Stdin;

use crate::failure::Failure;

/// How many bytes are read at a time.
const PIECE: usize = 64 * 1024;

/// A file that is read, or stdin.
pub(super) struct Input {
    /// What it is called.
    pub(super) name: String,
    pub(super) format: Format,
    /// How long it is, where that is known.
    pub(super) length: Option<u64>,
    bytes: Bytes,
}

/// Where the bytes come from.
enum Bytes {
    File { file: File, piece: Vec<u8> },
    Stdin(Stdin),
}

impl Input {
    /// Opens it. Its format is the one that is said, else what its name says; stdin is CSV.
    pub(super) async fn open(path: &Path, format: Option<Format>) -> Result<Self, Failure> {
        let name = path.display().to_string();
        if path == Path::new("-") {
            let (name, format) = ("stdin".to_owned(), format.unwrap_or(Format::Csv));
            return Ok(Self { name, format, length: None, bytes: Bytes::Stdin(Stdin::open()) });
        }
        let format = format.or_else(|| format_of(path)).ok_or_else(|| {
            Failure::because(format!(
                "the name of {name} does not say how it is written: add --format csv or \
                 --format ndjson"
            ))
        })?;
        let unreadable = |error| Failure::because(format!("{name} can't be read: {error}"));
        let file = File::open(path).await.map_err(unreadable)?;
        let metadata = file.metadata().await.map_err(unreadable)?;
        let length = metadata.is_file().then_some(metadata.len());
        let bytes = Bytes::File { file, piece: vec![0; PIECE] };
        Ok(Self { name, format, length, bytes })
    }

    /// A CSV file that comes in these pieces.
    #[cfg(test)]
    pub(super) fn of_pieces(pieces: Receiver<io::Result<Vec<u8>>>) -> Self {
        let bytes = Bytes::Stdin(Stdin::of_pieces(pieces));
        Self { name: "a test".to_owned(), format: Format::Csv, length: None, bytes }
    }

    /// The next piece; an empty one at the end.
    pub(super) async fn next(&mut self) -> Result<&[u8], Failure> {
        let unreadable =
            |error: io::Error| Failure::because(format!("{} can't be read on: {error}", self.name));
        match &mut self.bytes {
            Bytes::File { file, piece } => {
                let length = file.read(piece).await.map_err(unreadable)?;
                Ok(piece.get(..length).unwrap_or_default())
            }
            Bytes::Stdin(stdin) => stdin.next().await.map_err(unreadable),
        }
    }
}

/// The format that a file's name says.
fn format_of(path: &Path) -> Option<Format> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "csv" | "tsv" => Some(Format::Csv),
        "ndjson" | "jsonl" => Some(Format::Ndjson),
        _ => None,
    }
}

/// A format on the command line.
pub(crate) fn format_word(text: &str) -> Result<Format, String> {
    match text {
        "csv" => Ok(Format::Csv),
        "ndjson" => Ok(Format::Ndjson),
        _ => Err("must be csv or ndjson".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_how_the_file_is_written() {
        for (name, format) in [
            ("cards.csv", Some(Format::Csv)),
            ("cards.TSV", Some(Format::Csv)),
            ("a.b/cards.ndjson", Some(Format::Ndjson)),
            ("cards.jsonl", Some(Format::Ndjson)),
            ("cards.xlsx", None),
            ("cards", None),
        ] {
            assert_eq!(format_of(Path::new(name)), format, "{name}");
        }
    }
}
