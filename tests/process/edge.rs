//! The edge: who gets in, how slowly, and what every answer says.

mod addresses;
mod clients;
mod headers;
mod reload;
mod tls;

use cardlift_tests::{Backend, Run};
use tokio::net::TcpStream;

/// A server on a free port of the loopback address, on this database, that works on no jobs.
pub(crate) fn serve(backend: &Backend) -> Run {
    backend
        .run(&["serve", "--listen", "127.0.0.1:0"])
        .env("STRIPE_API_KEY", "sk_test_1")
        .env("CARDLIFT_JOBS_AT_ONCE", "0")
}

/// A connection to a server.
pub(crate) async fn connect(base: &str) -> TcpStream {
    let (_, address) = base.split_once("://").expect("a URL");
    TcpStream::connect(address).await.expect("it listens")
}
