//! A stream on which requests are refused that came whole while there is no place for them.
//!
//! What HTTP's own machinery takes for a refusal would be missing from the work that is done, at
//! the time when there is too much of it. It never gets to see these. All others it does, and of
//! them it alone says where they end.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::web::{Buf as _, Bytes};
use cardlift_http::{EarlyRefusal, WholeRequest};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::connection::Connection;

/// What is refused, and for how long on one connection.
#[derive(Debug, Clone)]
pub(super) struct Refusals {
    pub(super) refusal: Arc<EarlyRefusal>,
    /// After so long HTTP sees a request again: it counts for itself how long none came.
    pub(super) unseen: Duration,
}

/// A stream whose requests may be refused before they are handed on.
pub(super) struct Refusing<T> {
    stream: T,
    connection: Connection,
    refusals: Option<Refusals>,
    state: State,
    /// What is still to be written of a refusal.
    left: Bytes,
}

/// What is known of where the next request begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// With the next byte: it is the first.
    First,
    /// After the answer to the one that was handed on when so many were.
    Handed(u64),
    /// With the next byte: what was handed on got its whole answer at this time, and all that came
    /// since was refused.
    Answered(Instant),
    /// Nothing: what came was not one whole request.
    Unknown,
}

impl<T> Refusing<T> {
    pub(super) fn new(stream: T, connection: Connection, refusals: Option<Refusals>) -> Self {
        Self { stream, connection, refusals, state: State::First, left: Bytes::new() }
    }

    /// The refusal of what came, if that is what becomes of it; what is handed on is remembered.
    fn refuse(&mut self, came: &[u8]) -> Option<Bytes> {
        let refusals = self.refusals.as_ref()?;
        let begins_here = matches!(self.state, State::First | State::Answered(_));
        let Some(request) = begins_here.then(|| WholeRequest::read(came)).flatten() else {
            self.state = State::Unknown;
            return None;
        };
        if let State::Answered(at) = self.state
            && refusals.refusal.is_full()
            && at.elapsed() < refusals.unseen
            && let Some(answer) = refusals.refusal.refuse(&request)
        {
            self.connection.answered();
            return Some(answer.into());
        }
        self.state = State::Handed(self.connection.opened());
        None
    }

    /// Nothing of what was handed on is left to be written.
    fn flushed(&mut self) {
        if let State::Handed(before) = self.state
            && self.connection.opened() > before
            && let Some(at) = self.connection.quiet_since()
        {
            self.state = State::Answered(at);
        }
    }
}

impl<T: AsyncWrite + Unpin> Refusing<T> {
    /// Writes what is left of a refusal.
    fn write_left(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.left.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.left))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.left.advance(written);
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncRead for Refusing<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        loop {
            ready!(this.write_left(cx))?;
            ready!(Pin::new(&mut this.stream).poll_read(cx, buffer))?;
            let came = buffer.filled().get(before..).unwrap_or_default();
            let Some(answer) = this.refuse(came) else { return Poll::Ready(Ok(())) };
            buffer.set_filled(before);
            this.left = answer;
        }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Refusing<T> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.write_left(cx))?;
        Pin::new(&mut this.stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.write_left(cx))?;
        ready!(Pin::new(&mut this.stream).poll_flush(cx))?;
        this.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.write_left(cx))?;
        Pin::new(&mut this.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod beside_http;
#[cfg(test)]
mod tests;
