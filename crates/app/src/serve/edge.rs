//! The edge: how connections come in, how many, how slow they may be, and what every answer says.
//!
//! It does what actix's `HttpServer` does for HTTP/1.1, and besides it puts a [`Bounded`] stream
//! under each connection, for which that has no place. HTTP/2 is not offered: actix leaves it
//! without bounds of heads and of requests at once.

mod connection;
mod headers;
mod refusing;
mod stream;

use std::fmt::Debug;
use std::future::ready;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Request, Response};
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt as _, apply_fn_factory,
    fn_service, map_config,
};
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, Server};
use cardlift_http::{ConcurrencyLimit, EarlyRefusal};
use metrics::counter;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use self::connection::{Connection, OpenBody};
use self::headers::Transport;
use self::refusing::{Refusals, Refusing};
use self::stream::Bounded;
use crate::settings::Bounds;

/// How many connections the system holds ready while all that are allowed are open.
const BACKLOG: u32 = 1_024;

/// How long a client may go on to send what is not read any more.
const LINGER: Duration = Duration::from_secs(1);

/// What is served, and to whom.
pub(super) struct Edge {
    /// What its connections are counted as.
    pub(super) name: &'static str,
    pub(super) listener: TcpListener,
    /// None is plain HTTP.
    pub(super) tls: Option<Arc<ServerConfig>>,
    pub(super) bounds: Bounds,
    /// Requests that are more than this are refused, where they can be as soon as they come.
    pub(super) concurrency: Option<ConcurrencyLimit>,
    pub(super) workers: usize,
    pub(super) shutdown_timeout: Duration,
}

/// A connection, and whose it is.
type Admitted<T> = (Bounded<Refusing<T>>, Option<SocketAddr>);

/// Takes an address, port 0 for any that is free. Nothing is taken in before it is served.
pub(super) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A server that starts again has connections of its former self there, which end by and by.
    if cfg!(unix) {
        socket.set_reuseaddr(true)?;
    }
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

impl Edge {
    /// Serves this app, once for each thread.
    pub(super) fn serve<F, I, S, B>(self, app: F) -> io::Result<Server>
    where
        F: Fn() -> I + Send + Clone + 'static,
        I: IntoServiceFactory<S, Request>,
        S: ServiceFactory<Request, Config = AppConfig, Error = Error> + 'static,
        S::InitError: Debug,
        S::Response: Into<Response<B>> + 'static,
        <S::Service as Service<Request>>::Future: 'static,
        B: MessageBody + 'static,
    {
        let Self { name, listener, tls, bounds, concurrency, workers, shutdown_timeout } = self;
        let server = Server::build()
            .disable_signals()
            .workers(workers)
            .max_concurrent_connections(bounds.connections.div_ceil(workers))
            .shutdown_timeout(shutdown_timeout.as_secs());
        let stopping = server.graceful_shutdown_signal();
        let stopping = move || {
            let stopping = stopping.clone();
            async move { stopping.notified().await }
        };
        let transport = if tls.is_some() { Transport::Tls } else { Transport::Plain };
        let refusals = concurrency.map(|limit| Refusals {
            refusal: Arc::new(EarlyRefusal::new(limit, &headers::always(transport))),
            unseen: bounds.keep_alive / 8,
        });
        let entrance =
            Entrance { name, quiet: bounds.keep_alive + bounds.client_timeout, refusals };
        let server = match tls {
            None => server.listen(name, listener, move || {
                let entrance = entrance.clone();
                let admit = move |stream: TcpStream| {
                    let peer = stream.peer_addr().ok();
                    ready(Ok((entrance.admit(stream), peer)))
                };
                fn_service(admit).and_then(http(app(), bounds, transport, stopping.clone()))
            }),
            Some(config) => {
                let acceptor = TlsAcceptor::from(config);
                server.listen(name, listener, move || {
                    let (acceptor, entrance) = (acceptor.clone(), entrance.clone());
                    let admit = move |stream: TcpStream| {
                        let (entrance, peer) = (entrance.clone(), stream.peer_addr().ok());
                        let secured = timeout(bounds.client_timeout, acceptor.accept(stream));
                        async move {
                            let Ok(Ok(stream)) = secured.await else {
                                counter!("cardlift_tls_handshakes_failed_total").increment(1);
                                return Err(DispatchError::Io(ErrorKind::InvalidData.into()));
                            };
                            Ok((entrance.admit(stream), peer))
                        }
                    };
                    fn_service(admit).and_then(http(app(), bounds, transport, stopping.clone()))
                })
            }
        };
        Ok(server?.run())
    }
}

/// How connections are let in.
#[derive(Clone)]
struct Entrance {
    name: &'static str,
    /// How long no request may be open.
    quiet: Duration,
    refusals: Option<Refusals>,
}

impl Entrance {
    fn admit<T>(&self, stream: T) -> Bounded<Refusing<T>> {
        let connection = Connection::new();
        let stream = Refusing::new(stream, connection.clone(), self.refusals.clone());
        Bounded::new(stream, connection, self.name, self.quiet)
    }
}

/// HTTP/1.1 on connections that were let in.
fn http<T, I, S, B, Stopping>(
    app: I,
    bounds: Bounds,
    transport: Transport,
    stopping: impl Fn() -> Stopping + 'static,
) -> impl ServiceFactory<Admitted<T>, Config = (), Response = (), Error = DispatchError, InitError = ()>
where
    T: AsyncRead + AsyncWrite + Unpin + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig, Error = Error> + 'static,
    S::InitError: Debug,
    S::Response: Into<Response<B>> + 'static,
    <S::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
    Stopping: Future<Output = ()> + 'static,
{
    let app = app.into_factory().map_err(|error| error.error_response());
    let app = map_config(app, |()| AppConfig::default());
    let app = apply_fn_factory(app, move |request: Request, app: &_| {
        let open = request.conn_data::<Connection>().map(Connection::open);
        let answer = Service::call(app, request);
        async move {
            let mut answer: Response<B> = answer.await?.into();
            headers::protect(answer.headers_mut(), transport);
            Ok(answer.map_body(|_, body| OpenBody::new(body, open)))
        }
    });
    HttpService::build()
        .keep_alive(bounds.keep_alive)
        .client_request_timeout(bounds.client_timeout)
        .client_disconnect_timeout(LINGER)
        // As `HttpServer` does it: a connection without a request ends when the server stops.
        .graceful_shutdown_signal(stopping)
        .on_connect_ext(|stream: &Bounded<Refusing<T>>, data| {
            data.insert(stream.connection().clone());
        })
        .h1(app)
}
