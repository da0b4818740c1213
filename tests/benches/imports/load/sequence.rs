//! Load whose length is counted, and not timed.

use std::net::SocketAddr;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::answer::Answers;
use super::{Template, connect};

/// Connections, each of which sends its next request when it has its answer.
#[derive(Debug)]
pub(crate) struct Sequences {
    all: Vec<Sequence>,
}

#[derive(Debug)]
struct Sequence {
    stream: TcpStream,
    answers: Answers,
    template: Template,
}

impl Sequences {
    pub(crate) async fn open(target: SocketAddr, template: &Template, connections: usize) -> Self {
        let mut all = Vec::new();
        for _ in 0..connections {
            let (stream, answers) = (connect(target).await, Answers::new());
            all.push(Sequence { stream, answers, template: template.clone() });
        }
        Self { all }
    }

    /// Sends the requests of these numbers, of which the connections take turns. Every answer must
    /// be good.
    pub(crate) async fn send(&mut self, numbers: &[u32]) {
        let connections = self.all.len();
        let mut under_way = JoinSet::new();
        for (place, mut sequence) in self.all.drain(..).enumerate() {
            let own: Vec<_> = numbers.iter().copied().skip(place).step_by(connections).collect();
            under_way.spawn(async move {
                sequence.send(&own).await;
                sequence
            });
        }
        self.all = under_way.join_all().await;
    }
}

impl Sequence {
    async fn send(&mut self, numbers: &[u32]) {
        for number in numbers {
            let request = self.template.numbered(*number);
            self.stream.write_all(request).await.expect("a server that reads");
            let status = self.answers.next(&mut self.stream).await.expect("a server that answers");
            assert_eq!(status, 200, "the answer to request {number}");
        }
    }
}
