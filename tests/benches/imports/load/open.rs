//! Requests that come when they come, whether those before have their answers or not.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;
use tokio::task::LocalSet;

use super::answer::Answers;
use super::{Template, connect};

/// How often it is looked for requests that are due.
const BEAT: Duration = Duration::from_millis(1);

/// So many requests a second, one part of the time after the other, over so many connections at
/// most. What comes while each of them is taken waits here, and its waiting counts.
#[derive(Debug, Clone)]
pub(crate) struct Arrivals {
    pub(crate) target: SocketAddr,
    pub(crate) template: Template,
    pub(crate) connections: u32,
    /// Requests a second, and for how long.
    pub(crate) parts: Vec<(f64, Duration)>,
}

/// A request that had an answer, or its connection an end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrived {
    pub(crate) number: u32,
    /// When it was due, counted from the start of the load.
    pub(crate) due: Duration,
    /// From then to the answer.
    pub(crate) took: Duration,
    /// Zero where the connection ended.
    pub(crate) status: u16,
}

struct Queue {
    waiting: RefCell<VecDeque<(u32, Instant)>>,
    /// As many permits as there are waiting.
    count: Semaphore,
    started: Instant,
    arrived: RefCell<Vec<Arrived>>,
    in_flight: Cell<u32>,
}

impl Arrivals {
    /// Sends everything, and waits for every answer: on a thread of its own.
    pub(crate) async fn run(self) -> Vec<Arrived> {
        let thread = tokio::task::spawn_blocking(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            LocalSet::new().block_on(&runtime.expect("a runtime"), self.run_here())
        });
        thread.await.expect("load that ends")
    }

    async fn run_here(self) -> Vec<Arrived> {
        let queue = Rc::new(Queue {
            waiting: RefCell::default(),
            count: Semaphore::new(0),
            started: Instant::now(),
            arrived: RefCell::default(),
            in_flight: Cell::new(0),
        });
        for _ in 0..self.connections {
            let (target, template) = (self.target, self.template.clone());
            tokio::task::spawn_local(serve(queue.clone(), target, template));
        }
        let (mut number, mut begun) = (0, queue.started);
        for (rate, lasting) in self.parts {
            let (end, mut due) = (begun + lasting, begun);
            while due < end {
                while due < end && due <= Instant::now() {
                    queue.waiting.borrow_mut().push_back((number, due));
                    queue.count.add_permits(1);
                    number += 1;
                    due += Duration::from_secs_f64(rate.recip());
                }
                tokio::time::sleep(BEAT).await;
            }
            begun = end;
        }
        while !queue.waiting.borrow().is_empty() || queue.in_flight.get() > 0 {
            tokio::time::sleep(BEAT).await;
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
        queue.in_flight.set(queue.in_flight.get() + 1);
        let answered = match stream.write_all(template.numbered(number)).await {
            Ok(()) => answers.next(&mut stream).await,
            Err(error) => Err(error),
        };
        let took = due.elapsed();
        if answered.is_err() {
            stream = connect(target).await;
        }
        let due = due - queue.started;
        let status = answered.unwrap_or_default();
        queue.arrived.borrow_mut().push(Arrived { number, due, took, status });
        queue.in_flight.set(queue.in_flight.get() - 1);
    }
}
