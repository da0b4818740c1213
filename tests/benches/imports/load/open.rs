//! Requests that come when they come, whether those before have their answers or not.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinHandle, JoinSet, LocalSet, spawn_blocking};

use super::answer::Answers;
use super::{Load, Numbers, Template, connect, is_good};
use crate::window::Window;

/// How often it is looked for requests that are due.
const BEAT: Duration = Duration::from_millis(1);

/// Load over so many connections at most. What comes while each of them is taken waits here, and its
/// waiting counts.
#[derive(Debug, Clone)]
pub(crate) struct Arrivals {
    target: SocketAddr,
    template: Template,
    connections: u32,
    numbers: Numbers,
}

/// Such load under way. Its connections stay open while nothing comes.
#[derive(Debug)]
pub(crate) struct Arriving {
    parts: UnboundedSender<Part>,
    thread: JoinHandle<Vec<Arrived>>,
    open: Open,
}

/// How many parts are still to come, and requests to be answered.
#[derive(Debug, Clone, Default)]
struct Open(Arc<AtomicUsize>);

impl Open {
    fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn end(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    fn none(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

#[derive(Debug, Clone, Copy)]
struct Part {
    /// Requests a second.
    rate: f64,
    window: Window,
}

/// A request that had an answer, or its connection an end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrived {
    pub(crate) number: u32,
    pub(crate) due: Instant,
    pub(crate) answered: Instant,
    /// Zero where the connection ended.
    pub(crate) status: u16,
}

impl Arrived {
    /// Whether the answer was a good one.
    pub(crate) fn is_good(&self) -> bool {
        is_good(self.status)
    }

    /// From when it was due to the answer.
    pub(crate) fn took(&self) -> Duration {
        self.answered - self.due
    }
}

struct Queue {
    waiting: RefCell<VecDeque<(u32, Instant)>>,
    /// As many permits as there are waiting.
    count: Semaphore,
    arrived: RefCell<Vec<Arrived>>,
    open: Open,
}

impl Arriving {
    /// So many requests a second in this window, which begins when that before it ended, or later.
    pub(crate) fn come(&self, rate: f64, window: Window) {
        self.open.add();
        self.parts.send(Part { rate, window }).expect("load that is under way");
    }

    /// Waits until all that was to come has come, and has its answer.
    pub(crate) async fn idle(&self) {
        while !self.open.none() {
            assert!(!self.thread.is_finished(), "the load ended too early");
            tokio::time::sleep(BEAT).await;
        }
    }

    /// Waits for every answer.
    pub(crate) async fn end(self) -> Vec<Arrived> {
        drop(self.parts);
        self.thread.await.expect("load that ends")
    }
}

impl Arrivals {
    /// Of requests like those of other load, and none of the same.
    pub(crate) fn beside(load: &Load, connections: u32) -> Self {
        let Load { target, template, numbers, .. } = load.clone();
        Self { target, template, connections, numbers }
    }

    /// Connects, on a thread of its own.
    pub(crate) fn start(self) -> Arriving {
        let (parts, coming) = unbounded_channel();
        let open = Open::default();
        let of_the_load = open.clone();
        let thread = spawn_blocking(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            LocalSet::new().block_on(&runtime.expect("a runtime"), self.run(coming, of_the_load))
        });
        Arriving { parts, thread, open }
    }

    async fn run(self, mut coming: UnboundedReceiver<Part>, open: Open) -> Vec<Arrived> {
        let queue = Rc::new(Queue {
            waiting: RefCell::default(),
            count: Semaphore::new(0),
            arrived: RefCell::default(),
            open,
        });
        let mut connections = JoinSet::new();
        for _ in 0..self.connections {
            let (target, template) = (self.target, self.template.clone());
            connections.spawn_local(serve(queue.clone(), target, template));
        }
        // A connection that can't be made again, say: its request would be waited for for ever.
        let mut beat = async || {
            assert!(connections.try_join_next().is_none(), "a connection ended for good");
            tokio::time::sleep(BEAT).await;
        };
        while let Some(Part { rate, window }) = coming.recv().await {
            let mut due = window.from;
            while due < window.to {
                while due < window.to && due <= Instant::now() {
                    queue.waiting.borrow_mut().push_back((self.numbers.next(), due));
                    queue.open.add();
                    queue.count.add_permits(1);
                    due += Duration::from_secs_f64(rate.recip());
                }
                beat().await;
            }
            queue.open.end();
        }
        while !queue.open.none() {
            beat().await;
        }
        queue.arrived.take()
    }
}

/// One connection, made anew when it ends.
async fn serve(queue: Rc<Queue>, target: SocketAddr, mut template: Template) {
    let mut answers = Answers::new();
    let mut stream = connect(target).await;
    loop {
        queue.count.acquire().await.expect("a queue that stays").forget();
        let next = queue.waiting.borrow_mut().pop_front();
        let (number, due) = next.expect("one for each permit");
        let answered = match stream.write_all(template.numbered(number)).await {
            Ok(()) => answers.next(&mut stream).await,
            Err(error) => Err(error),
        };
        let at = Instant::now();
        if answered.is_err() {
            stream = connect(target).await;
        }
        let status = answered.unwrap_or_default();
        queue.arrived.borrow_mut().push(Arrived { number, due, answered: at, status });
        queue.open.end();
    }
}
