//! Which pieces of a scan there are to read, and who waits for one.
//!
//! A piece is split by the lane that reads it, when other lanes have nothing to do: nobody else
//! changes it, so a split is written with what was read, and holds after a crash as well.

use std::sync::{Mutex, MutexGuard, PoisonError};

use cardlift_core::job::{PieceId, ScanPiece};
use tokio::sync::Notify;

/// The pieces that no lane reads yet, and the lanes without one.
#[derive(Debug)]
pub(crate) struct Board {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    open: Vec<ScanPiece>,
    reading: usize,
    waiting: usize,
    next: u32,
}

impl Board {
    /// The pieces of a scan that was begun, or those of one that begins now.
    pub(crate) fn new(pieces: Vec<ScanPiece>) -> Self {
        let next = pieces.iter().map(|piece| piece.id.0 + 1).max().unwrap_or_default();
        let mut state = State { open: pieces, reading: 0, waiting: 0, next };
        if next == 0 {
            let whole = ScanPiece { id: PieceId(0), from: 0, to: None, after: None, done: false };
            state.open.push(whole);
            state.next = 1;
        }
        state.open.retain(|piece| !piece.done);
        Self { state: Mutex::new(state), changed: Notify::new() }
    }

    /// The next piece to read; `None` when nothing is left, nor will be.
    pub(crate) async fn take(&self) -> Option<ScanPiece> {
        loop {
            let changed = self.changed.notified();
            {
                let mut state = self.state();
                if let Some(piece) = state.open.pop() {
                    state.reading += 1;
                    return Some(piece);
                }
                if state.reading == 0 {
                    self.changed.notify_waiters();
                    return None;
                }
                state.waiting += 1;
            }
            changed.await;
            self.state().waiting -= 1;
        }
    }

    /// How many lanes have nothing to read.
    pub(crate) fn waiting(&self) -> usize {
        let state = self.state();
        state.waiting.saturating_sub(state.open.len())
    }

    /// Cuts what is left of a piece, up to this second, so that each lane without one gets a part
    /// of it: the newest part stays, the others are returned.
    pub(crate) fn cut(&self, piece: &mut ScanPiece, up_to: i64) -> Vec<ScanPiece> {
        let parts = i64::try_from(self.waiting()).unwrap_or(0) + 1;
        let width = (up_to - piece.from) / parts;
        if width < 1 {
            return Vec::new();
        }
        let mut state = self.state();
        let mut cut = Vec::new();
        for _ in 1..parts {
            let to = piece.from + width - 1;
            let id = PieceId(state.next);
            state.next += 1;
            cut.push(ScanPiece { id, from: piece.from, to: Some(to), after: None, done: false });
            piece.from = to + 1;
        }
        cut
    }

    /// Adds pieces that are written down.
    pub(crate) fn add(&self, pieces: Vec<ScanPiece>) {
        self.state().open.extend(pieces);
        self.changed.notify_waiters();
    }

    /// A lane is done with its piece.
    pub(crate) fn finished(&self) {
        self.state().reading -= 1;
        self.changed.notify_waiters();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use proptest::prelude::*;

    use super::*;

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test]
    async fn a_scan_begins_with_all_of_time_and_ends_when_it_is_read() {
        let board = Board::new(Vec::new());
        let piece = board.take().await.expect("the whole");
        assert_eq!((piece.from, piece.to), (0, None));
        let mut idle = pin!(board.take());
        assert!(poll(idle.as_mut()).is_pending());
        assert_eq!(board.waiting(), 1);
        board.finished();
        assert_eq!(poll(idle.as_mut()), Poll::Ready(None));
    }

    #[tokio::test]
    async fn a_lane_that_waits_gets_what_is_cut_off() {
        let board = Board::new(Vec::new());
        let mut piece = board.take().await.expect("the whole");
        let mut idle = pin!(board.take());
        assert!(poll(idle.as_mut()).is_pending());
        let cut = board.cut(&mut piece, 1_000);
        assert_eq!((cut[0].from, cut[0].to, piece.from), (0, Some(499), 500));
        board.add(cut.clone());
        assert_eq!(poll(idle.as_mut()), Poll::Ready(cut.into_iter().next()));
        assert_eq!(board.waiting(), 0);
    }

    #[tokio::test]
    async fn a_scan_that_was_begun_goes_on_with_what_is_not_done() {
        let piece = |id, done| ScanPiece { id: PieceId(id), from: 0, to: None, after: None, done };
        let board = Board::new(vec![piece(0, true), piece(4, false)]);
        assert_eq!(board.take().await, Some(piece(4, false)));
        board.finished();
        assert_eq!(board.take().await, None);
        let board = Board::new(vec![piece(0, true)]);
        assert_eq!(board.take().await, None);
    }

    proptest! {
        #[test]
        fn no_second_is_lost_or_read_twice(from in 0..1_000_i64, more in 0..1_000_i64, lanes in 0..9_usize) {
            let board = Board::new(Vec::new());
            board.state().waiting = lanes;
            let mut piece =
                ScanPiece { id: PieceId(0), from, to: Some(from + more), after: None, done: false };
            let mut parts = board.cut(&mut piece, from + more);
            parts.push(piece);
            let mut next = from;
            for part in &parts {
                prop_assert_eq!(part.from, next);
                next = part.to.expect("an end") + 1;
            }
            prop_assert_eq!(next, from + more + 1);
        }
    }
}
