//! Answers, of which only the status is looked at.

use std::io::{Error, ErrorKind, Result};

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

const LENGTH: &[u8] = b"content-length: ";
const ROOM: usize = 16 * 1024;

/// The answers that come over one connection.
#[derive(Debug)]
pub(crate) struct Answers {
    buffer: Vec<u8>,
}

impl Answers {
    pub(crate) fn new() -> Self {
        Self { buffer: vec![0; ROOM] }
    }

    /// Reads the next answer to its end; gives its status.
    pub(crate) async fn next(&mut self, stream: &mut TcpStream) -> Result<u16> {
        let mut filled = 0;
        loop {
            let room = self.buffer.get_mut(filled..).unwrap_or_default();
            let count = stream.read(room).await?;
            if count == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            filled += count;
            let came = self.buffer.get(..filled).unwrap_or_default();
            let Some(head) = came.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let (head, body) = came.split_at(head + 4);
            let (status, length) = read(head).ok_or_else(|| Error::other("no answer"))?;
            if body.len() >= length {
                return Ok(status);
            }
        }
    }
}

/// The status and the length of the body.
fn read(head: &[u8]) -> Option<(u16, usize)> {
    let status = number(head.get(9..12)?)?;
    let line = head.windows(LENGTH.len()).position(|part| part.eq_ignore_ascii_case(LENGTH))?;
    let digits = head.get(line + LENGTH.len()..)?;
    let end = digits.iter().position(|byte| !byte.is_ascii_digit())?;
    Some((u16::try_from(status).ok()?, number(digits.get(..end)?)?))
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}
