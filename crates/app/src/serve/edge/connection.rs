//! A connection, as its stream and its requests see it.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use pin_project_lite::pin_project;
use tokio::time::Instant;

/// What is known of one connection. A clone is the same one.
#[derive(Debug, Clone)]
pub(super) struct Connection(Rc<Known>);

#[derive(Debug)]
struct Known {
    /// How many requests were read.
    opened: Cell<u64>,
    /// Those of them whose answers are not made to their ends.
    open: Cell<usize>,
    /// When the last of them ended, or one was answered without being read, or the connection began.
    quiet_since: Cell<Instant>,
}

/// A request that is open.
#[derive(Debug)]
pub(super) struct OpenRequest(Connection);

impl Connection {
    pub(super) fn new() -> Self {
        Self(Rc::new(Known {
            opened: Cell::new(0),
            open: Cell::new(0),
            quiet_since: Cell::new(Instant::now()),
        }))
    }

    /// A request was read. It is open until this is dropped.
    pub(super) fn open(&self) -> OpenRequest {
        self.0.opened.set(self.0.opened.get().saturating_add(1));
        self.0.open.set(self.0.open.get().saturating_add(1));
        OpenRequest(self.clone())
    }

    /// How many requests were ever read.
    pub(super) fn opened(&self) -> u64 {
        self.0.opened.get()
    }

    /// A request was answered that nobody read.
    pub(super) fn answered(&self) {
        self.0.quiet_since.set(Instant::now());
    }

    /// Since when no request is open, where none is.
    pub(super) fn quiet_since(&self) -> Option<Instant> {
        (self.0.open.get() == 0).then(|| self.0.quiet_since.get())
    }
}

impl Drop for OpenRequest {
    fn drop(&mut self) {
        let known = &self.0.0;
        let open = known.open.get().saturating_sub(1);
        known.open.set(open);
        if open == 0 {
            known.quiet_since.set(Instant::now());
        }
    }
}

pin_project! {
    /// The body of an answer. Its request is open for as long as it is.
    pub(super) struct OpenBody<B> {
        #[pin]
        body: B,
        open: Option<OpenRequest>,
    }
}

impl<B> OpenBody<B> {
    pub(super) fn new(body: B, open: Option<OpenRequest>) -> Self {
        Self { body, open }
    }
}

impl<B: MessageBody> MessageBody for OpenBody<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        self.project().body.poll_next(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_is_quiet_from_the_end_of_the_last_answer_on() {
        let connection = Connection::new();
        let began = Instant::now();
        assert_eq!(connection.quiet_since(), Some(began));
        let first = connection.open();
        let second = OpenBody::new("an answer", Some(connection.clone().open()));
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
        drop(first);
        assert_eq!(connection.quiet_since(), None);
        drop(second);
        assert_eq!(connection.quiet_since(), Some(Instant::now()));
        assert_ne!(connection.quiet_since(), Some(began));
    }
}
