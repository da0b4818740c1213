//! Stdin, read by a thread that nobody waits for: who says to stop while nothing comes is not kept.

use std::io::{self, Read};
use std::thread;

use tokio::sync::mpsc::{Receiver, channel};

use super::PIECE;

/// How many pieces are read ahead.
const AHEAD: usize = 4;

/// The bytes of stdin, in pieces.
pub(super) struct Stdin {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
}

impl Stdin {
    pub(super) fn open() -> Self {
        let (sender, pieces) = channel(AHEAD);
        thread::spawn(move || {
            loop {
                let mut piece = vec![0; PIECE];
                let read = io::stdin().lock().read(&mut piece);
                let ended = matches!(read, Ok(0) | Err(_));
                let read = read.map(|length| {
                    piece.truncate(length);
                    piece
                });
                if sender.blocking_send(read).is_err() || ended {
                    return;
                }
            }
        });
        Self::of_pieces(pieces)
    }

    /// Bytes that come in these pieces.
    pub(super) const fn of_pieces(pieces: Receiver<io::Result<Vec<u8>>>) -> Self {
        Self { pieces, piece: Vec::new() }
    }

    /// The next piece; an empty one at the end.
    pub(super) async fn next(&mut self) -> io::Result<&[u8]> {
        self.piece = self.pieces.recv().await.transpose()?.unwrap_or_default();
        Ok(&self.piece)
    }
}
