//! Load whose length is counted, and not timed.

use std::net::SocketAddr;

use tokio::io::AsyncWriteExt;
use tokio::task::JoinSet;

use super::answer::Answers;
use super::{Template, connect};

/// Sends the requests of these numbers over so many connections, which take turns, and each of which
/// sends its next one when it has its answer. Every answer must be good.
pub(crate) async fn send_all(
    target: SocketAddr,
    template: &Template,
    connections: usize,
    numbers: &[u32],
) {
    let mut under_way = JoinSet::new();
    for place in 0..connections {
        let own: Vec<_> = numbers.iter().copied().skip(place).step_by(connections).collect();
        under_way.spawn(send(target, template.clone(), own));
    }
    under_way.join_all().await;
}

async fn send(target: SocketAddr, mut template: Template, numbers: Vec<u32>) {
    let (mut stream, mut answers) = (connect(target).await, Answers::new());
    for number in numbers {
        stream.write_all(template.numbered(number)).await.expect("a server that reads");
        let status = answers.next(&mut stream).await.expect("a server that answers");
        assert_eq!(status, 200, "the answer to request {number}");
    }
}
