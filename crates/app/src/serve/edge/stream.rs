//! The stream of a connection, which ends when its client is too slow.
//!
//! actix bounds how long the first head takes to come. A client could send one request, and the
//! head of the next a byte a minute; or ask for an answer, and never read it.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use metrics::gauge;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use super::connection::Connection;

/// How long nothing of an answer may be taken, as for what is sent of a file.
const UNREAD: Duration = Duration::from_secs(30);

/// A stream that does not wait for its client for ever.
pub(super) struct Bounded<T> {
    stream: T,
    connection: Connection,
    /// How long no request may be open.
    quiet: Duration,
    /// Ends when it is to be looked whether none was for so long.
    look: Pin<Box<Sleep>>,
    /// Ends when nothing was taken for too long; there only while nothing is.
    unread: Option<Pin<Box<Sleep>>>,
    _counted: Counted,
}

impl<T> Bounded<T> {
    /// A connection to this listener, which is over when no request was open for so long.
    pub(super) fn new(
        stream: T,
        connection: Connection,
        listener: &'static str,
        quiet: Duration,
    ) -> Self {
        Self {
            stream,
            connection,
            quiet,
            look: Box::pin(sleep(quiet)),
            unread: None,
            _counted: Counted::new(listener),
        }
    }

    /// What its requests are told of it.
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Whether no request was open for too long; wakes the task when it is to be looked again.
    fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        while self.look.as_mut().poll(cx).is_ready() {
            let now = Instant::now();
            let end = self.connection.quiet_since().unwrap_or(now) + self.quiet;
            if end <= now {
                return true;
            }
            self.look.as_mut().reset(end);
        }
        false
    }

    /// What a write came to; an error where it has waited for too long.
    fn unless_unread<R>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<R>>,
    ) -> Poll<io::Result<R>> {
        if written.is_ready() {
            self.unread = None;
            return written;
        }
        let unread = self.unread.get_or_insert_with(|| Box::pin(sleep(UNREAD)));
        ready!(unread.as_mut().poll(cx));
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Bounded<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let read = Pin::new(&mut this.stream).poll_read(cx, buffer);
        // As if the client had ended it.
        if read.is_pending() && this.is_over(cx) { Poll::Ready(Ok(())) } else { read }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Bounded<T> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.unless_unread(cx, written)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.stream).poll_flush(cx);
        this.unless_unread(cx, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let shut = Pin::new(&mut this.stream).poll_shutdown(cx);
        this.unless_unread(cx, shut)
    }
}

/// A connection that is counted while it is open.
struct Counted(&'static str);

impl Counted {
    fn new(listener: &'static str) -> Self {
        gauge!("cardlift_http_connections", "listener" => listener).increment(1);
        Self(listener)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        gauge!("cardlift_http_connections", "listener" => self.0).decrement(1);
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    use super::*;

    const QUIET: Duration = Duration::from_secs(5);

    /// A connection, and the client's end of it.
    fn connected() -> (Bounded<DuplexStream>, DuplexStream) {
        let (server, client) = duplex(64);
        (Bounded::new(server, Connection::new(), "test", QUIET), client)
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_where_no_request_comes_however_many_bytes_do() {
        let (mut server, mut client) = connected();
        let began = Instant::now();
        let drip = async {
            while client.write_all(b"x").await.is_ok() {
                sleep(Duration::from_secs(1)).await;
            }
        };
        let mut read = Vec::new();
        tokio::select! {
            () = drip => panic!("the server goes on"),
            end = server.read_to_end(&mut read) => assert!(end.is_ok()),
        }
        assert_eq!(began.elapsed(), QUIET);
        assert!((5..=6).contains(&read.len()), "{read:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn it_goes_on_while_a_request_is_open_and_from_its_end_on_for_as_long() {
        let (mut server, _client) = connected();
        let request = server.connection().open();
        let began = Instant::now();
        let answer = async {
            sleep(10 * QUIET).await;
            drop(request);
        };
        let ((), end) = tokio::join!(answer, server.read_u8());
        assert_eq!(end.expect_err("the end").kind(), ErrorKind::UnexpectedEof);
        assert!((10 * QUIET..=12 * QUIET).contains(&began.elapsed()), "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_where_nothing_of_an_answer_is_read() {
        let (mut server, _client) = connected();
        let began = Instant::now();
        let error = server.write_all(&[0; 65]).await.expect_err("no room");
        assert_eq!((error.kind(), began.elapsed()), (ErrorKind::TimedOut, UNREAD));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_may_be_read_slowly() {
        let (mut server, mut client) = connected();
        let slowly = async {
            for _ in 0..640 {
                sleep(UNREAD / 2).await;
                client.read_u8().await.expect("a byte");
            }
        };
        let (written, ()) = tokio::join!(server.write_all(&[0; 640]), slowly);
        written.expect("it is all read");
    }
}
