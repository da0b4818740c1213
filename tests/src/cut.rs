//! A connection that can be cut: what stands between the program and its database.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Passes bytes on to another address, as long as it is not cut.
#[derive(Debug)]
pub struct Cut {
    address: SocketAddr,
    whole: Arc<watch::Sender<bool>>,
}

impl Cut {
    /// Stands before this address, `HOST:PORT`.
    pub async fn before(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let whole = Arc::new(watch::channel(true).0);
        let (switch, target) = (whole.clone(), target.to_owned());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let switch = switch.subscribe();
                if *switch.borrow() {
                    tokio::spawn(pass(client, target.clone(), switch));
                }
            }
        });
        Self { address, whole }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Cuts every connection, and lets no new one through.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Lets new connections through again.
    pub fn mend(&self) {
        self.whole.send_replace(true);
    }
}

async fn pass(mut client: TcpStream, target: String, mut switch: watch::Receiver<bool>) {
    let Ok(mut server) = TcpStream::connect(target).await else { return };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
        _ = switch.wait_for(|whole| !whole) => {}
    }
}
