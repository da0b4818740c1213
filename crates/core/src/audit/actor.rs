//! Who acts.

use std::cell::RefCell;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::account::AccountId;
use crate::api_key::ApiKeyId;
use crate::job::JobId;

/// Who makes a change, and in which request.
///
/// It goes with the work rather than through each port: like the time that a call may take, it is no
/// part of what is asked for. A store reads it when it is called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub who: Who,
    /// The id of the request, where it came in one.
    pub request: Option<Arc<str>>,
}

/// Who makes a change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Who {
    /// A caller with this key, which is this account's.
    Key(AccountId, ApiKeyId),
    /// Whoever works on this job.
    Job(JobId),
    /// Whoever may run the program's commands.
    Command,
    /// The program, by itself.
    #[default]
    Program,
}

thread_local! {
    static CURRENT: RefCell<Option<Arc<Actor>>> = const { RefCell::new(None) };
}

impl Actor {
    /// The one on whose behalf the work is done that asks.
    #[must_use]
    pub fn current() -> Arc<Self> {
        CURRENT.with_borrow(Clone::clone).unwrap_or_default()
    }

    /// This one, in no request.
    #[must_use]
    pub fn of(who: Who) -> Self {
        Self { who, request: None }
    }

    /// Does work on behalf of this one that waits for nothing, on whatever thread it is.
    pub fn does_now<T>(self: &Arc<Self>, work: impl FnOnce() -> T) -> T {
        let _former = Former(CURRENT.replace(Some(self.clone())));
        work()
    }

    /// Does work on behalf of this one. What the work hands to other tasks is not: those are done by
    /// [`goes_on`](Self::goes_on).
    pub fn does<F: Future>(self, work: F) -> Acting<F> {
        Arc::new(self).goes_on(work)
    }

    /// Does more on behalf of the one who acts already: what another task is to do takes
    /// [`Actor::current`] along.
    pub const fn goes_on<F: Future>(self: Arc<Self>, work: F) -> Acting<F> {
        Acting { work, actor: self }
    }
}

pin_project! {
    /// Work on behalf of an [`Actor`]. It is a pointer larger than the work: every request has one.
    #[must_use = "nothing is done before it is awaited"]
    #[derive(Debug)]
    pub struct Acting<F> {
        #[pin]
        work: F,
        actor: Arc<Actor>,
    }
}

impl<F: Future> Future for Acting<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        this.actor.does_now(|| this.work.poll(cx))
    }
}

/// Who acted before, and does again when this ends.
struct Former(Option<Arc<Actor>>);

impl Drop for Former {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn who() -> Who {
        tokio::task::yield_now().await;
        Actor::current().who
    }

    #[tokio::test]
    async fn the_work_of_several_at_once_is_told_apart() {
        let job = |id| Who::Job(JobId::try_from(id).expect("an id"));
        let both = tokio::join!(
            Actor::of(Who::Command).does(who()),
            Actor::of(job(1)).does(async {
                let inner = Actor::of(job(2)).does(who()).await;
                (inner, who().await)
            }),
            who(),
        );
        assert_eq!(both, (Who::Command, (job(2), job(1)), Who::Program));
    }

    #[tokio::test]
    async fn another_task_goes_on_for_whoever_began() {
        let handed_on = async {
            let alone = tokio::spawn(who()).await.expect("it ends");
            let taken_along = tokio::spawn(Actor::current().goes_on(who())).await;
            (alone, taken_along.expect("it ends"))
        };
        let told = Actor::of(Who::Command).does(handed_on).await;
        assert_eq!(told, (Who::Program, Who::Command));
    }

    #[tokio::test]
    async fn work_goes_on_for_the_same_on_another_thread() {
        let handed_over = async {
            let actor = Actor::current();
            let work = move || (actor.does_now(|| Actor::current().who), Actor::current().who);
            tokio::task::spawn_blocking(work).await.expect("done")
        };
        let seen = Actor::of(Who::Command).does(handed_over).await;
        assert_eq!(seen, (Who::Command, Who::Program), "and for nobody afterwards");
    }
}
