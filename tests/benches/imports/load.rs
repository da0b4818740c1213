//! Load over HTTP/1.1, by one thread.
//!
//! Our own and not wrk: no request is ever sent twice, each answer is told apart by the number of
//! its request, and at the end what is in flight is waited for, so that rows and answers can be
//! compared one by one.

mod answer;
mod numbers;
mod open;
mod sequence;
mod template;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Instant;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use self::answer::Answers;
use self::numbers::Numbers;
pub(crate) use self::open::{Arrivals, Arrived};
pub(crate) use self::sequence::send_all;
pub(crate) use self::template::{CARD_STEP, CUSTOMER_STEP, FIRST_CUSTOMER, Pair, Template};
use crate::window::Window;

/// Load from so many connections, each of which sends its next request when it has its answer.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    pub(crate) target: SocketAddr,
    pub(crate) template: Template,
    pub(crate) connections: u32,
    numbers: Numbers,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Microseconds from request to good answer, of those answered in the window: sorted.
    pub(crate) latencies: Vec<u32>,
    /// The numbers of all requests with a good answer, in the window or not.
    pub(crate) good: Vec<u32>,
    /// How many answers had which other status.
    pub(crate) others: BTreeMap<u16, u32>,
    /// How many requests were sent.
    pub(crate) sent: u32,
}

struct Shared {
    load: Load,
    window: Window,
    outcome: RefCell<Outcome>,
}

impl Load {
    /// Of requests with numbers of its own.
    pub(crate) fn new(target: SocketAddr, template: Template, connections: u32) -> Self {
        Self { target, template, connections, numbers: Numbers::default() }
    }

    /// Starts at once, sends until the window ends, and waits for every answer. The blocking part
    /// is on a thread of its own.
    pub(crate) async fn run(self, window: Window) -> Outcome {
        let thread = tokio::task::spawn_blocking(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let local = LocalSet::new();
            local.block_on(&runtime.expect("a runtime"), self.run_here(window))
        });
        thread.await.expect("load that ends")
    }

    async fn run_here(self, window: Window) -> Outcome {
        let connections = self.connections;
        let shared = Rc::new(Shared { load: self, window, outcome: RefCell::default() });
        let all: Vec<_> = (0..connections)
            .map(|_| tokio::task::spawn_local(connection(shared.clone())))
            .collect();
        for one in all {
            one.await.expect("a connection that holds");
        }
        let shared = Rc::into_inner(shared).expect("every connection ended");
        let mut outcome = shared.outcome.into_inner();
        outcome.latencies.sort_unstable();
        outcome
    }
}

async fn connection(shared: Rc<Shared>) {
    let mut stream = connect(shared.load.target).await;
    let mut request = shared.load.template.clone();
    let mut answers = Answers::new();
    while Instant::now() < shared.window.to {
        let number = shared.load.numbers.next();
        let bytes = request.numbered(number);
        let sent = Instant::now();
        stream.write_all(bytes).await.expect("a server that reads");
        let status = answers.next(&mut stream).await.expect("a server that answers");
        let answered = Instant::now();
        let outcome = &mut *shared.outcome.borrow_mut();
        outcome.sent += 1;
        if is_good(status) {
            outcome.good.push(number);
            if shared.window.holds(answered) {
                let took = (answered - sent).as_micros();
                outcome.latencies.push(u32::try_from(took).unwrap_or(u32::MAX));
            }
        } else {
            *outcome.others.entry(status).or_default() += 1;
        }
    }
}

/// Whether this is the status of a good answer.
fn is_good(status: u16) -> bool {
    (200..300).contains(&status)
}

/// A connection that sends each request at once.
pub(crate) async fn connect(target: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(target).await.expect("a server that listens");
    stream.set_nodelay(true).expect("a connection");
    stream
}
